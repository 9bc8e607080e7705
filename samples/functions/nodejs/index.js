'use strict';

// An event function, in the style of the cloud's documentation: a string as status, and an object as body.
exports.handler = (event, context, callback) => {
  const request = JSON.parse(event);
  console.log('%s %s', request.httpMethod, request.path);
  callback(null, {
    isBase64Encoded: false,
    statusCode: '200',
    headers: { 'x-function': context.function.name },
    body: {
      path: request.path,
      httpMethod: request.httpMethod,
      headers: request.headers,
      queryParameters: request.queryParameters,
      pathParameters: request.pathParameters,
      body: request.body,
      isBase64Encoded: request.isBase64Encoded,
    },
  });
};
