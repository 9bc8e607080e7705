'use strict';
// Runs inside the Node.js process of a local function: connects to the host and calls the handler as the cloud's runtime does.
const net = require('node:net');
const path = require('node:path');
const { existsSync } = require('node:fs');
const { pathToFileURL } = require('node:url');

const env = process.env;
const socket = net.connect({ host: '127.0.0.1', port: Number(env.FC_LOCAL_PORT), noDelay: true });
socket.write(env.FC_LOCAL_TOKEN + '\n');
delete env.FC_LOCAL_PORT;
delete env.FC_LOCAL_TOKEN;
socket.on('close', () => process.exit(0));
socket.on('error', () => process.exit(1));

let finish = null; // Ends the call that runs; null when none does.

process.on('uncaughtException', (error) => {
  console.error(error);
  if (finish) finish('unhandled', describe(error), true);
  else process.exit(1);
});
process.on('unhandledRejection', (error) => {
  throw error;
});

receive(socket, (head, event) => {
  run(head, event);
});

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

async function run(head, event) {
  const context = contextOf(head);
  finish = (outcome, body, exit) => {
    if (!finish) return; // The first answer counts.
    finish = null;
    process.stdout.write(`\x1e${head.requestId}\n`);
    process.stderr.write(`\x1e${head.requestId}\n`);
    socket.write(JSON.stringify({ outcome, length: body.length, exit: exit || undefined }) + '\n');
    socket.write(body, () => {
      if (exit) process.exit(1);
    });
  };
  const done = finish;
  const end = (outcome, body, exit) => {
    if (finish === done) done(outcome, body, exit);
  };
  const callback = (error, result) => {
    if (error) end('handled', describe(error));
    else answer(end, result);
  };
  try {
    if (head.type === 'invoke') {
      const handler = await load(env.FC_FUNCTION_HANDLER);
      settle(handler(event, context, callback), handler.length < 3, callback, end);
    } else {
      const name = head.type === 'initialize' ? env.FC_INITIALIZER_HANDLER : env.FC_INSTANCE_LIFECYCLE_PRE_STOP_HANDLER;
      const hook = await load(name);
      settle(hook(context, callback), hook.length < 2, callback, end);
    }
  } catch (error) {
    console.error(error);
    end('unhandled', describe(error), error instanceof LoadError);
  }
}

/** A promise, or a value of a handler that takes no callback, ends the call; else the callback does. */
function settle(returned, endsByReturn, callback, end) {
  if (returned && typeof returned.then === 'function') {
    returned.then(
      (result) => answer(end, result),
      (error) => {
        console.error(error);
        end('unhandled', describe(error));
      });
  } else if (endsByReturn) {
    callback(null, returned);
  }
}

function answer(end, result) {
  try {
    const body = Buffer.isBuffer(result) ? result
      : Buffer.from(typeof result === 'object' ? JSON.stringify(result) : String(result));
    end('ok', body);
  } catch (error) {
    end('unhandled', describe(error));
  }
}

/** What the cloud's runtime writes for an error; a text given to the callback is its message alone. */
function describe(error) {
  const body = error instanceof Error
    ? { errorMessage: error.message, errorType: error.name, stackTrace: String(error.stack).split('\n').map((line) => line.trim()) }
    : { errorMessage: typeof error === 'string' ? error : JSON.stringify(error) };
  return Buffer.from(JSON.stringify(body));
}

class LoadError extends Error {}

const loaded = new Map();

async function load(name) {
  if (!loaded.has(name)) loaded.set(name, await find(name));
  return loaded.get(name);
}

async function find(name) {
  const dot = name.lastIndexOf('.');
  const file = name.slice(0, dot);
  const member = name.slice(dot + 1);
  const base = path.resolve(env.FC_FUNC_CODE_PATH, file);
  const found = [base + '.js', base + '.mjs', base + '.cjs', path.join(base, 'index.js')].find(existsSync);
  if (!found) throw loadError(`Cannot find module '${base}'`);
  let module;
  try {
    module = found.endsWith('.mjs') ? await import(pathToFileURL(found)) : require(found);
  } catch (error) {
    if (error.code !== 'ERR_REQUIRE_ESM') throw asLoadError(error);
    module = await import(pathToFileURL(found)).catch((inner) => { throw asLoadError(inner); });
  }
  const handler = module[member] ?? module.default?.[member];
  if (typeof handler !== 'function') throw loadError(`Handler '${member}' missing on module '${file}'`);
  return handler;
}

function loadError(message) {
  const error = new LoadError(message);
  error.name = 'Error';
  return error;
}

function asLoadError(error) {
  if (!(error instanceof Error)) return loadError(String(error));
  const { name, stack } = error;
  Object.setPrototypeOf(error, LoadError.prototype);
  error.name = name;
  error.stack = stack;
  return error;
}

function contextOf(head) {
  const logger = {};
  for (const level of ['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'log']) {
    logger[level] = (...args) => console.log(`[${level.toUpperCase()}]`, ...args);
  }
  logger.setLogLevel = () => {};
  return {
    requestId: head.requestId,
    credentials: {
      accessKeyId: env.ALIBABA_CLOUD_ACCESS_KEY_ID ?? '',
      accessKeySecret: env.ALIBABA_CLOUD_ACCESS_KEY_SECRET ?? '',
      securityToken: env.ALIBABA_CLOUD_SECURITY_TOKEN ?? '',
    },
    function: {
      name: env.FC_FUNCTION_NAME,
      handler: env.FC_FUNCTION_HANDLER,
      memory: Number(env.FC_FUNCTION_MEMORY_SIZE),
      timeout: Number(env.FC_TIMEOUT),
      initializer: env.FC_INITIALIZER_HANDLER,
    },
    service: { name: '', logProject: '', logStore: '', qualifier: env.FC_QUALIFIER, versionId: env.FC_VERSION_ID },
    region: env.FC_REGION,
    accountId: env.FC_ACCOUNT_ID,
    logger,
    retryCount: 0,
    tracing: { spanContext: '', jaegerEndpoint: '', spanBaggages: {} },
  };
}
