// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

/// Teaches versions of Node without `NODE_USE_ENV_PROXY` (before 22.21, and 23) to send `fetch`, `http` and `https`
/// through the proxy of the environment. Newer versions do so themselves and skip it.
let nodeProxyPreload = #"""
    // SPDX-License-Identifier: Apache-2.0
    // Copyright 2026 The Yett Authors
    'use strict';
    (() => {
      const [major, minor] = process.versions.node.split('.').map(Number);
      if (major >= 24 || (major === 22 && minor >= 21)) return;
      const address = process.env.HTTPS_PROXY || process.env.https_proxy;
      if (!address) return;
      const http = require('http');
      const https = require('https');
      const net = require('net');
      const tls = require('tls');
      const proxy = new URL(address);
      const proxyPort = Number(proxy.port || 80);
      const isProxy = (host, port) => host === proxy.hostname && Number(port) === proxyPort;
      const authority = (host, port) => (host.includes(':') && !host.startsWith('[') ? `[${host}]` : host) + `:${port}`;

      // A tunnel to host:port; done(error) or done(null, socket). Bytes after the answer's head go back to the socket.
      function tunnel(host, port, done) {
        const target = authority(host, port);
        const socket = net.connect(proxyPort, proxy.hostname);
        let head = Buffer.alloc(0);
        const fail = (error) => { socket.destroy(); done(error); };
        const early = () => fail(new Error(`the proxy closed the tunnel to ${target}`));
        const read = (bytes) => {
          head = Buffer.concat([head, bytes]);
          const end = head.indexOf('\r\n\r\n');
          if (end < 0) return head.length > 65536 ? fail(new Error('the proxy sent an endless head')) : undefined;
          socket.removeListener('data', read);
          socket.removeListener('end', early);
          socket.removeListener('error', fail);
          const line = head.subarray(0, head.indexOf('\r\n')).toString('latin1');
          if (!/^HTTP\/1\.[01] 2\d\d/.test(line)) {
            return fail(Object.assign(new Error(`the proxy refused the tunnel to ${target}: ${line}`), {
              code: 'ERR_PROXY_TUNNEL',
            }));
          }
          socket.pause();
          const rest = head.subarray(end + 4);
          if (rest.length > 0) socket.unshift(rest);
          done(null, socket);
        };
        socket.on('error', fail);
        socket.on('end', early);
        socket.on('data', read);
        socket.on('connect', () => socket.write(`CONNECT ${target} HTTP/1.1\r\nHost: ${target}\r\n\r\n`));
      }

      class TunnelAgent extends https.Agent {
        createConnection(options, done) {
          const host = options.host || options.hostname;
          if (options.socketPath || isProxy(host, options.port)) return super.createConnection(options, done);
          tunnel(host, options.port || 443, (error, socket) => {
            if (error) return done(error);
            const servername = options.servername || (net.isIP(host) ? '' : host);
            const inner = { ...options, host: undefined, port: undefined, path: undefined, socket, servername };
            done(null, tls.connect(inner));
          });
          return undefined;
        }
      }

      class AbsoluteFormAgent extends http.Agent {
        addRequest(request, options) {
          const host = options.host || options.hostname || 'localhost';
          if (!options.socketPath && !isProxy(host, options.port || 80)) {
            if (!request.path.startsWith('http://')) {
              const port = Number(options.port || 80);
              const name = authority(host, port).replace(/:80$/, '');
              request.path = `http://${name}${request.path}`;
            }
            options = { ...options, host: proxy.hostname, hostname: proxy.hostname, port: proxyPort, path: null };
          }
          return super.addRequest(request, options);
        }
      }

      const keep = { keepAlive: true, scheduling: 'lifo', timeout: 5000 };
      http.globalAgent = new AbsoluteFormAgent(keep);
      https.globalAgent = new TunnelAgent(keep);

      // `fetch` sends through the dispatcher behind this symbol. A look at `Request` loads the built-in one, which
      // takes time and, in Node 18, prints a warning: so it happens at the first `fetch`.
      function replaceDispatcher() {
        const key = Symbol.for('undici.globalDispatcher.1');
        // A program that chose a dispatcher itself keeps it.
        if (globalThis[key] && globalThis[key].constructor.name !== 'Agent') return;
        void globalThis.Request;
        const builtIn = globalThis[key];
        if (!builtIn || typeof builtIn.dispatch !== 'function') return;
        const Agent = builtIn.constructor;
        const plain = new Agent({
          connect: (options, done) => {
            const socket = net.connect(proxyPort, proxy.hostname);
            socket.once('connect', () => { socket.removeListener('error', done); done(null, socket); });
            socket.once('error', done);
          },
        });
        const secure = new Agent({
          connect: (options, done) => {
            const { hostname, port, servername } = options;
            const host = hostname.startsWith('[') ? hostname.slice(1, -1) : hostname;
            tunnel(host, port || 443, (error, socket) => {
              if (error) return done(error);
              const name = servername || (net.isIP(host) ? '' : host);
              const wrapped = tls.connect({ socket, servername: name, ALPNProtocols: ['http/1.1'] });
              wrapped.once('secureConnect', () => { wrapped.removeListener('error', done); done(null, wrapped); });
              wrapped.once('error', done);
            });
          },
        });
        const dispatcher = {
          dispatch(options, handler) {
            const origin = new URL(options.origin);
            if (origin.protocol !== 'http:') return secure.dispatch(options, handler);
            return plain.dispatch({ ...options, path: origin.origin + options.path }, handler);
          },
          close: (...given) => Promise.all([plain.close(...given), secure.close(...given)]),
          destroy: (...given) => Promise.all([plain.destroy(...given), secure.destroy(...given)]),
          on() { return this; },
          once() { return this; },
          off() { return this; },
          emit() { return false; },
        };
        globalThis[key] = dispatcher;
      }

      const builtInFetch = globalThis.fetch;
      if (typeof builtInFetch !== 'function') return;
      let isReplaced = false;
      const fetch = function fetch(...given) {
        if (!isReplaced) {
          isReplaced = true;
          replaceDispatcher();
        }
        return builtInFetch.apply(this, given);
      };
      const wrapped = { value: fetch, writable: true, enumerable: true, configurable: true };
      Object.defineProperty(globalThis, 'fetch', wrapped);
    })();
    """#
