'use strict';

// An async event function that sets two cookies: an object has each key once, so the second is spelled another way.
// The gateway sends a line for each; to clients, the case of a header's name means nothing.
exports.handler = async (event, context) => ({
  isBase64Encoded: 'false',
  statusCode: 200,
  headers: {
    'Set-Cookie': 'theme=dark; Path=/; Max-Age=3600',
    'set-cookie': `visit=${context.requestId}; Path=/; HttpOnly`,
    'Content-Type': 'text/plain; charset=utf-8',
  },
  body: 'Two cookies, and good appetite.\n',
});
