'use strict';
// Finds a function's handlers, by "file.function", in CommonJS and ES modules.
const path = require('node:path');
const { existsSync } = require('node:fs');
const { pathToFileURL } = require('node:url');

/** The code cannot be loaded: a process in which that was tried is of no more use. */
class LoadError extends Error {
  constructor(reason) {
    super('The handler cannot be loaded.');
    this.reason = reason;
  }
}

const loaded = new Map();

/** The handler of that name; loaded once. */
async function load(name) {
  if (!loaded.has(name)) loaded.set(name, await find(name));
  return loaded.get(name);
}

async function find(name) {
  const dot = name.lastIndexOf('.');
  const file = name.slice(0, dot);
  const member = name.slice(dot + 1);
  const base = path.resolve(process.env.FC_FUNC_CODE_PATH, file);
  const found = [base + '.js', base + '.mjs', base + '.cjs', path.join(base, 'index.js')].find(existsSync);
  if (!found) throw new LoadError(new Error(`Cannot find module '${base}'`));
  let module;
  try {
    module = await open(found);
  } catch (reason) {
    throw new LoadError(reason);
  }
  const handler = module?.[member] ?? module?.default?.[member];
  if (typeof handler !== 'function') throw new LoadError(new Error(`Handler '${member}' missing on module '${file}'`));
  return handler;
}

async function open(file) {
  if (file.endsWith('.mjs')) return import(pathToFileURL(file));
  try {
    return require(file);
  } catch (error) {
    // An ES module; newer versions require those, too, unless they wait at their top.
    if (error?.code !== 'ERR_REQUIRE_ESM' && error?.code !== 'ERR_REQUIRE_ASYNC_MODULE') throw error;
    return import(pathToFileURL(file));
  }
}

module.exports = { load, LoadError };
