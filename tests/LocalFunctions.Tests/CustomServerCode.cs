namespace Gateway.LocalFunctions.Tests;

/// <summary>A custom runtime's server that behaves as it is told to.</summary>
internal static class CustomServerCode
{
    /// <summary>Code for Node.js. Events say <c>do</c>, raw requests say it by their path.</summary>
    public const string Text =
        """
        'use strict';
        const http = require('node:http');
        const crypto = require('node:crypto');
        const fs = require('node:fs');
        const waiting = [];
        let initialized = 0;

        const server = http.createServer(async (request, response) => {
          const path = request.headers['x-fc-control-path'];
          if (path === '/initialize') {
            initialized++;
            if (process.env.BROKEN) return response.writeHead(500).end('cannot initialize');
            return response.end();
          }
          if (path === '/pre-stop') {
            fs.writeFileSync(process.env.STOPPED, request.method + ' ' + request.url);
            return response.end();
          }
          const parts = [];
          for await (const part of request) parts.push(part);
          const body = Buffer.concat(parts);
          if (path === '/invoke') invoke(JSON.parse(body), request, response);
          else web(request, body, response);
        });

        function invoke(event, request, response) {
          switch (event.do) {
            case 'fail': return response.writeHead(event.status ?? 200, event.headers).end(event.text);
            case 'hang': return;
            case 'exit': return process.exit(3);
            case 'garbage': return request.socket.end('this is not HTTP\r\n\r\n');
            case 'long': return response.writeHead(200, event.chunked ? {} : { 'Content-Length': 50 << 20 }).end(Buffer.alloc(50 << 20, 'x'));
            case 'empty': return response.end();
            case 'write':
              console.log('to stdout');
              console.error('to stderr');
              break;
            case 'meet': return meet(response);
          }
          answer(request, response);
        }

        // Answers once two requests wait.
        function meet(response) {
          waiting.push(response);
          if (waiting.length === 2) waiting.splice(0).forEach((each) => each.end(JSON.stringify({ pid: process.pid })));
        }

        function answer(request, response) {
          response.end(JSON.stringify({ pid: process.pid, initialized, method: request.method, url: request.url, headers: request.headers, env: process.env }));
        }

        function web(request, body, response) {
          switch (request.url) {
            case '/meet': return meet(response);
            case '/exit': return process.exit(3);
            case '/hang': return;
            case '/hold': response.write('pid ' + process.pid + '\n'); return waiting.push(response);
            case '/release': waiting.splice(0).forEach((each) => each.end('end')); return response.end();
            case '/count': return response.end(String(body.length));
            case '/teapot':
              return response.writeHead(418, 'Short and stout', [['Set-Cookie', 'a=1'], ['Set-Cookie', 'b=2'], ['X-Fc-Thing', 'kept'], ['X-Text', Buffer.from('grüße').toString('latin1')]]).end('tea');
          }
          answer(request, response);
        }

        // Sends each short frame back without its mask.
        server.on('upgrade', (request, socket) => {
          const accept = crypto.createHash('sha1').update(request.headers['sec-websocket-key'] + '258EAFA5-E914-47DA-95CA-C5AB0DC85B11').digest('base64');
          socket.write(`HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Accept: ${accept}\r\n\r\n`);
          socket.on('data', (frame) => {
            const text = frame.subarray(6).map((byte, i) => byte ^ frame[2 + (i % 4)]);
            socket.write(Buffer.concat([Buffer.from([frame[0], text.length]), text]));
          });
        });

        server.listen(Number(process.env.OWN_PORT ?? process.env.FC_SERVER_PORT));
        """;
}
