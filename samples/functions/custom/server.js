'use strict';

// A custom runtime: an HTTP server that takes events at POST /invoke, and every other request as it is.
const http = require('node:http');

const server = http.createServer(async (request, response) => {
  try {
    const body = await read(request);
    if (request.headers['x-fc-control-path'] === '/invoke') invoke(JSON.parse(body), response);
    else web(request, body, response);
  } catch (error) {
    console.error(error);
    fail(response, error);
  }
});

server.keepAliveTimeout = 0; // The service keeps its connections open; the server must not close them.
server.listen(Number(process.env.FC_SERVER_PORT ?? 9000), '0.0.0.0', () => console.log('listening on port %d', server.address().port));

/** Answers an event by the last part of its path: image, cookies and fail; any other shows every key of the event. */
function invoke(event, response) {
  console.log('%s %s', event.httpMethod, event.path);
  switch (event.path.split('/').at(-1)) {
    case 'image':
      return send(response, { isBase64Encoded: true, statusCode: 200, headers: { 'Content-Type': 'image/gif' }, body: pixel().toString('base64') });
    case 'cookies':
      // Names of headers may differ in case alone: each gives a line of its own.
      return send(response, {
        isBase64Encoded: false,
        statusCode: 200,
        headers: { 'Set-Cookie': 'session=abc; Path=/; HttpOnly', 'set-cookie': 'theme=dark; Path=/' },
        body: 'Two cookies.',
      });
    case 'fail':
      throw new Error('no such order');
    default:
      return send(response, {
        isBase64Encoded: 'false',
        statusCode: '200',
        headers: { 'x-function': process.env.FC_FUNCTION_NAME },
        body: {
          path: event.path,
          httpMethod: event.httpMethod,
          headers: event.headers,
          queryParameters: event.queryParameters,
          pathParameters: event.pathParameters,
          body: event.body,
          isBase64Encoded: event.isBase64Encoded,
        },
      });
  }
}

/** Answers raw HTTP, with the same three ways and one that shows the request. */
function web(request, body, response) {
  console.log('%s %s', request.method, request.url);
  const { pathname } = new URL(request.url, 'http://function');
  switch (pathname.split('/').at(-1)) {
    case 'image':
      return response.setHeader('Content-Type', 'image/gif').end(pixel());
    case 'cookies':
      return response.setHeader('Set-Cookie', ['session=abc; Path=/; HttpOnly', 'theme=dark; Path=/']).end('Two cookies.');
    case 'fail':
      throw new Error('no such order');
    default:
      return send(response, { method: request.method, target: request.url, headers: request.headers, body: body.toString() });
  }
}

function send(response, value) {
  response.setHeader('Content-Type', 'application/json').setHeader('x-fc-status', '200').end(JSON.stringify(value));
}

/** How a custom runtime reports that its function failed. */
function fail(response, error) {
  response.statusCode = 404;
  response.setHeader('x-fc-status', '404').setHeader('Content-Type', 'application/json');
  response.end(JSON.stringify({ errorMessage: error.message, errorType: error.name, stackTrace: error.stack.split('\n').slice(1).map((line) => line.trim()) }));
}

async function read(request) {
  const parts = [];
  for await (const part of request) parts.push(part);
  return Buffer.concat(parts);
}

/** A picture of one transparent pixel. */
function pixel() {
  return Buffer.from('R0lGODlhAQABAIAAAAAAAP///yH5BAEAAAAALAAAAAABAAEAAAIBRAA7', 'base64');
}
