'use strict';

// An event function that fails, in the way the query asks for:
// ?how=callback reports an error, ?how=exit ends the process, and everything else throws.
// The client gets 502 each time; the reason is in the gateway's log only.
exports.handler = (event, context, callback) => {
  const { queryParameters } = JSON.parse(event);
  switch (queryParameters.how) {
    case 'callback':
      callback(new Error('The order could not be found.'));
      break;
    case 'exit':
      process.exit(1);
      break;
    default:
      throw new TypeError('The price is not a number.');
  }
};
