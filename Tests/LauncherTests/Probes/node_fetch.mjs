// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors
import http from 'node:http';
import https from 'node:https';

const get = (client, address) => new Promise((done, fail) => {
  client.get(address, (response) => {
    let text = '';
    response.on('data', (part) => { text += part; });
    response.on('end', () => done(text));
  }).on('error', fail);
});
const read = async (address, options) => (await fetch(address, options)).text();

const body = 'x'.repeat(100000);
const posted = await read('https://web.test/echo', { method: 'POST', body });
const results = {
  'fetch https': await read('https://web.test/hello.txt'),
  'fetch http': await read('http://web.test/hello.txt'),
  'fetch again': await read('https://web.test/hello.txt'),
  'fetch post': posted.replace(body, 'hello through the gate\n'),
  'https.get': await get(https, 'https://web.test/hello.txt'),
  'http.get': await get(http, 'http://web.test/hello.txt'),
};
for (const [name, text] of Object.entries(results)) {
  if (text !== 'hello through the gate\n') throw new Error(`${name}: ${text}`);
}
let refusal = 'none';
try { await read('https://denied.example/'); } catch (error) { refusal = String(error.cause ?? error); }
if (refusal === 'none') throw new Error('a denied name answered');
console.log('all');
