import { PassThrough } from 'node:stream';

import { Client } from '@modelcontextprotocol/sdk/client/index.js';
import { InMemoryTransport } from '@modelcontextprotocol/sdk/inMemory.js';
import { Server } from '@modelcontextprotocol/sdk/server/index.js';
import { StdioServerTransport } from '@modelcontextprotocol/sdk/server/stdio.js';
import * as z from 'zod';

import { readLines } from '../read-lines.mjs';

export const name = 'MCP SDK';

const info = { name: 'compare', version: '1.0.0' };
const anything = z.looseObject({});

export async function open({ requests = {} } = {}) {
  const [clientEnd, serverEnd] = InMemoryTransport.createLinkedPair();
  const client = new Client(info);
  const server = newServer(requests);
  await server.connect(serverEnd);
  await client.connect(clientEnd);
  return {
    request: (method, params, { timeout, signal } = {}) =>
      client.request({ method, params }, anything, { timeout, signal }),
    notify: (method, params) => client.notification({ method, params }),
    on: (method, listener) => client.setNotificationHandler(schemaOf(method), ({ params }) => listener(params)),
    onServer: (method, listener) => server.setNotificationHandler(schemaOf(method), ({ params }) => listener(params)),
    consume: (method, take) => client.setNotificationHandler(schemaOf(method), ({ params }) => take(params)),
    handle: (method, handler) => client.setRequestHandler(schemaOf(method), ({ params }) => handler(params)),
    ask: (method, params) => server.request({ method, params }, anything),
    emit: (method, params) => server.notification({ method, params }),
    shutdown: () => server.close(),
    hangUp: () => serverEnd.close(),
  };
}

export async function serveBare(requests, { reading = true } = {}) {
  const [up, down] = [new PassThrough(), new PassThrough()];
  // Each send that must wait listens for `drain`: of a burst, all of them.
  down.setMaxListeners(0);
  const server = newServer(requests);
  await server.connect(new StdioServerTransport(up, down));
  const received = [];
  const read = () => readLines(down, (line) => received.push(JSON.parse(line)));
  if (reading) read();
  return {
    received,
    read,
    emit: (method, params) => server.notification({ method, params }),
    send: (...messages) =>
      up.write(messages.map((message) => `${JSON.stringify({ jsonrpc: '2.0', ...message })}\n`).join('')),
    sendText: (text) => up.write(`${text}\n`),
    sendLine: (text) => up.write(`${text}\n`),
  };
}

function newServer(requests) {
  const server = new Server(info, { capabilities: {} });
  const notify = (method, params) => server.notification({ method, params });
  for (const [method, handler] of Object.entries(requests)) {
    server.setRequestHandler(schemaOf(method), ({ params }, { signal }) => handler(params, { notify, signal }));
  }
  return server;
}

function schemaOf(method) {
  return z.object({ method: z.literal(method), params: anything.optional() });
}

export async function wires() {
  const found = await Promise.all(
    [
      ['stdio', 'client/stdio.js', 'StdioClientTransport'],
      ['HTTP', 'client/streamableHttp.js', 'StreamableHTTPClientTransport'],
      ['SSE', 'client/sse.js', 'SSEClientTransport'],
      ['in memory', 'inMemory.js', 'InMemoryTransport'],
    ].map(async ([label, path, exported]) => {
      const module = await import(`@modelcontextprotocol/sdk/${path}`);
      return module[exported] === undefined ? [] : [label];
    }),
  );
  return found.flat();
}
