'use strict';

// Calls the demo's private APIs with the cloud's client library: Client signs with AppKey and AppSecret, SimpleClient sends the AppCode.
// The functions behind them echo the request, so each call checks what arrived. The gateway prints the credentials when it starts:
//
//   APP_KEY=… APP_SECRET=… APP_CODE=… npm test

const assert = require('node:assert/strict');
const { Client, SimpleClient } = require('aliyun-api-gateway');

const address = (process.env.GATEWAY_URL || 'http://localhost:8080').replace(/\/$/, '');
const { APP_KEY, APP_SECRET, APP_CODE } = process.env;
assert.ok(APP_KEY && APP_SECRET && APP_CODE, 'set APP_KEY, APP_SECRET and APP_CODE to what the gateway printed');

const form = 'application/x-www-form-urlencoded';
const fields = { name: 'Ann & Bob', city: '杭州', empty: '' };

/** The two kinds of echo, in one shape. */
const backends = {
  // A web function: the request itself, as JSON.
  '/private': echo => ({
    method: echo.method,
    path: echo.target.split('?')[0],
    query: Object.fromEntries(new URLSearchParams(echo.target.split('?')[1])),
    headers: echo.headers,
    body: echo.body,
  }),
  // An event function: the event that the gateway made of the request.
  '/private-event': event => ({
    method: event.httpMethod,
    path: event.path,
    query: event.queryParameters,
    headers: event.headers,
    body: event.isBase64Encoded ? Buffer.from(event.body, 'base64').toString() : event.body,
  }),
};

/** One call for each way to send something. SimpleClient drops the caller's headers, so a form is only told apart by its body there. */
const calls = {
  async GET(client, url) {
    const got = await client.get(`${url}?b=2&a=1`, { query: { 城: '杭 州', empty: '' }, headers: { accept: 'application/json' } });
    return [got, { method: 'GET', query: { b: '2', a: '1', 城: '杭 州', empty: '' }, body: '' }];
  },
  async 'POST form'(client, url) {
    const got = await client.post(`${url}?q=1`, { data: fields, headers: { 'content-type': form } });
    return [got, { method: 'POST', query: { q: '1' }, body: new URLSearchParams(fields).toString().replaceAll('+', '%20') }];
  },
  async 'POST JSON'(client, url) {
    const got = await client.post(url, { data: fields, headers: { 'content-type': 'application/json; charset=UTF-8' } });
    return [got, { method: 'POST', query: {}, body: JSON.stringify(fields) }];
  },
  async PUT(client, url) {
    const got = await client.put(`${url}?q=1`, { data: fields, signHeaders: { 'x-tenant': 'blue' } });
    return [got, { method: 'PUT', query: { q: '1' }, body: JSON.stringify(fields) }];
  },
  async DELETE(client, url) {
    const got = await client.delete(url, { query: { id: '7' } });
    return [got, { method: 'DELETE', query: { id: '7' }, body: '' }];
  },
};

async function main() {
  const clients = { Client: new Client(APP_KEY, APP_SECRET), SimpleClient: new SimpleClient(APP_CODE) };
  let passed = 0;
  const failures = [];
  for (const [clientName, client] of Object.entries(clients)) {
    for (const [path, read] of Object.entries(backends)) {
      for (const [name, call] of Object.entries(calls)) {
        const title = `${clientName} ${name} ${path}`;
        try {
          const [answer, expected] = await call(client, `${address}${path}/items`);
          const got = read(typeof answer === 'string' ? JSON.parse(answer) : answer);
          assert.equal(got.path, `${path}/items`);
          assert.deepEqual({ method: got.method, query: { ...got.query }, body: got.body }, expected);
          const leaked = Object.entries(got.headers).find(([, value]) => value.includes(APP_CODE) || value.includes(APP_SECRET));
          assert.equal(leaked, undefined, 'a credential reached the function');
          passed++;
          console.log(`ok    ${title}`);
        } catch (error) {
          failures.push(title);
          console.log(`FAIL  ${title}: ${error.message}`);
        }
      }
    }
  }

  // Nobody else must pass: the same calls with a wrong secret, and with an AppCode that is none.
  const strangers = { 'wrong secret': [new Client(APP_KEY, `${APP_SECRET}0`), 'A403IS'], 'wrong AppCode': [new SimpleClient('0'.repeat(32)), 'A400AC'] };
  for (const [title, [client, code]] of Object.entries(strangers)) {
    try {
      await client.get(`${address}/private/items`, {});
      failures.push(title);
      console.log(`FAIL  ${title} was accepted`);
    } catch (error) {
      const got = error.data && error.data.headers['x-ca-error-code'];
      if (got === code) {
        passed++;
        console.log(`ok    ${title} is refused, ${code}`);
      } else {
        failures.push(title);
        console.log(`FAIL  ${title}: expected ${code}, got ${got}: ${error.message}`);
      }
    }
  }

  console.log(`${passed} calls as expected, ${failures.length} not`);
  process.exitCode = failures.length === 0 ? 0 : 1;
}

main();
