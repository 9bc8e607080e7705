'use strict';
// Runs inside the Node.js process of a local function: connects to the host and calls the handler as the cloud's runtime does.
const net = require('node:net');
const { inspect, types } = require('node:util');
const { load, LoadError } = require('./loader.js');
const { contextOf } = require('./context.js');

const env = process.env;
const socket = net.connect({ host: '127.0.0.1', port: Number(env.FC_LOCAL_PORT), noDelay: true });
socket.write(env.FC_LOCAL_TOKEN + '\n');
delete env.FC_LOCAL_PORT;
delete env.FC_LOCAL_TOKEN;
// The host has gone, or wants this process no more. Functions may replace process.exit.
const exit = process.exit.bind(process);
socket.on('close', () => exit(0));
socket.on('error', () => exit(1));

// A function may replace write, or close the streams; the host must get its marks, or at least its answers, all the same.
const streams = [process.stdout, process.stderr].map((stream) => {
  stream.on('error', () => {});
  return { stream, write: stream.write.bind(stream) };
});

let finish = null; // Ends the call that runs; null when none does.

// Also rejections that nobody handles: Node.js raises them here, unless the function handles them itself.
process.on('uncaughtException', (error) => {
  report(error);
  if (finish) finish('unhandled', describe(error), true);
  else exit(1);
});

receive(socket, run);

/** Cuts what arrives into heads and the bytes that follow them. */
function receive(stream, take) {
  let parts = [];
  let size = 0;
  let head = null;
  stream.on('data', (chunk) => {
    parts.push(chunk);
    size += chunk.length;
    for (;;) {
      if (!head) {
        const all = parts.length === 1 ? parts[0] : Buffer.concat(parts);
        const end = all.indexOf(10);
        if (end < 0) {
          parts = [all];
          return;
        }
        head = JSON.parse(all.subarray(0, end));
        parts = [all.subarray(end + 1)];
        size = parts[0].length;
      }
      if (size < head.length) return;
      const all = parts.length === 1 ? parts[0] : Buffer.concat(parts);
      const body = all.subarray(0, head.length);
      parts = [all.subarray(head.length)];
      size = parts[0].length;
      const current = head;
      head = null;
      take(current, body);
    }
  });
}

/** Runs one call; its first answer counts. */
async function run(head, event) {
  const done = (outcome, body, exits) => {
    if (finish !== done) return;
    finish = null;
    send(head.requestId, outcome, body, exits);
  };
  finish = done;
  const callback = (error, result) => {
    if (error) done('handled', describe(error));
    else answer(done, result);
  };
  try {
    if (head.type === 'invoke') {
      const handler = await load(env.FC_FUNCTION_HANDLER);
      settle(handler(event, contextOf(head), callback), handler.length < 3, false, callback, done);
    } else {
      const hook = await load(head.type === 'initialize' ? env.FC_INITIALIZER_HANDLER : env.FC_INSTANCE_LIFECYCLE_PRE_STOP_HANDLER);
      settle(hook(contextOf(head), callback), hook.length < 2, true, callback, done);
    }
  } catch (error) {
    report(error);
    done('unhandled', describe(error), error instanceof LoadError);
  }
}

/**
 * A promise ends the call with its result, and so does a value of a handler that takes no callback. Nothing does not end it: where no
 * callback comes the call times out, as in the cloud. A hook that takes no callback has ended when it returns.
 */
function settle(returned, takesNoCallback, isHook, callback, done) {
  if (typeof returned?.then === 'function') {
    returned.then(
      (result) => answer(done, result),
      (error) => {
        report(error);
        done('unhandled', describe(error));
      });
  } else if (takesNoCallback && (isHook || returned !== undefined)) {
    callback(null, returned);
  }
}

function answer(done, result) {
  let body;
  try {
    body = Buffer.isBuffer(result) ? result : Buffer.from(typeof result === 'object' ? JSON.stringify(result) : String(result));
  } catch (error) {
    report(error);
    done('unhandled', describe(error));
    return;
  }
  done('ok', body);
}

function send(requestId, outcome, body, exits) {
  for (const { stream, write } of streams) {
    if (stream.writable) write(`\x1e${requestId}\n`);
  }
  socket.cork();
  socket.write(JSON.stringify({ outcome, length: body.length, exit: exits || undefined }) + '\n');
  socket.write(body, () => {
    if (exits) exit(1);
  });
  socket.uncork();
}

function report(error) {
  const { stream, write } = streams[1];
  if (stream.writable) write(inspect(error instanceof LoadError ? error.reason : error) + '\n');
}

/** What the cloud's runtime writes for an error; a text given to the callback is its message alone. */
function describe(error) {
  const thrown = error instanceof LoadError ? error.reason : error;
  return Buffer.from(JSON.stringify(
    types.isNativeError(thrown) || thrown instanceof Error
      ? { errorMessage: String(thrown.message), errorType: String(thrown.name), stackTrace: String(thrown.stack).split('\n').map((line) => line.trim()) }
      : { errorMessage: typeof thrown === 'string' ? thrown : textOf(thrown) }));
}

function textOf(value) {
  try {
    return JSON.stringify(value) ?? String(value);
  } catch {
    return inspect(value);
  }
}
