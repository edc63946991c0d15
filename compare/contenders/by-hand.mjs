/**
 * What a careful author writes in an afternoon: a map of resolvers over lines of JSON.
 *
 * It ends what is pending when the pipe closes, has a timeout, survives a line that is no JSON and reports a handler that
 * throws. It has no bound and no cancellation, since one adds those after the first incident.
 */
import { PassThrough } from 'node:stream';
import { clearTimeout, setTimeout } from 'node:timers';

import { readLines } from '../read-lines.mjs';

export const name = 'a Map of resolvers, by hand';

class Peer {
  pending = new Map();
  handlers = new Map();
  listeners = new Map();
  closed = false;
  counter = 0;

  constructor(input, output) {
    this.output = output;
    readLines(input, (line) => this.read(line));
    input.on('close', () => this.close());
    output.on('error', () => this.close());
  }

  request(method, params, { timeout } = {}) {
    return new Promise((resolve, reject) => {
      if (this.closed) return reject(new Error('closed'));
      const id = this.counter++;
      const timer = timeout && setTimeout(() => this.settle(id, () => reject(new Error('timeout'))), timeout);
      this.pending.set(id, { resolve, reject, timer });
      this.write({ id, method, params });
    });
  }

  notify(method, params) {
    this.write({ method, params });
  }

  write(message) {
    if (!this.closed) this.output.write(`${JSON.stringify(message)}\n`);
  }

  read(line) {
    let message;
    try {
      message = JSON.parse(line);
    } catch {
      return;
    }
    if (message.method === undefined) this.settle(message.id, (waiting) => finish(waiting, message));
    else if (message.id === undefined) this.listeners.get(message.method)?.(message.params);
    else void this.answer(message);
  }

  async answer({ id, method, params }) {
    const handler = this.handlers.get(method);
    if (handler === undefined) return this.write({ id, error: { code: -32601, message: `no method ${method}` } });
    try {
      this.write({ id, result: await handler(params) });
    } catch (error) {
      this.write({ id, error: { code: error.code ?? -32603, message: error.message, data: error.data } });
    }
  }

  settle(id, how) {
    const waiting = this.pending.get(id);
    if (waiting === undefined) return;
    this.pending.delete(id);
    clearTimeout(waiting.timer);
    how(waiting);
  }

  close() {
    if (this.closed) return;
    this.closed = true;
    for (const id of [...this.pending.keys()]) this.settle(id, ({ reject }) => reject(new Error('closed')));
    this.output.end();
  }
}

function finish({ resolve, reject }, { result, error }) {
  if (error === undefined) resolve(result);
  else reject(Object.assign(new Error(error.message), error));
}

export async function open({ requests = {} } = {}) {
  const [up, down] = [new PassThrough(), new PassThrough()];
  const client = new Peer(down, up);
  const server = new Peer(up, down);
  serve(server, requests);
  return {
    request: (method, params, options) => client.request(method, params, options),
    notify: (method, params) => client.notify(method, params),
    on: (method, listener) => client.listeners.set(method, listener),
    onServer: (method, listener) => server.listeners.set(method, listener),
    /** One event at a time: each waits for the one before. */
    consume(method, take) {
      let last = Promise.resolve();
      client.listeners.set(method, (event) => {
        last = last.then(() => take(event));
      });
    },
    handle: (method, handler) => client.handlers.set(method, handler),
    ask: (method, params) => server.request(method, params),
    emit: (method, params) => server.notify(method, params),
    shutdown: async () => server.close(),
    hangUp() {
      up.destroy();
      down.destroy();
    },
  };
}

/** A server whose other end is bare. */
export async function serveBare(requests, { reading = true } = {}) {
  const [up, down] = [new PassThrough(), new PassThrough()];
  const server = new Peer(up, down);
  serve(server, requests);
  const received = [];
  const read = () => readLines(down, (line) => received.push(JSON.parse(line)));
  if (reading) read();
  return {
    received,
    read,
    emit: (method, params) => server.notify(method, params),
    send: (...messages) => up.write(messages.map((message) => `${JSON.stringify(message)}\n`).join('')),
    sendText: (text) => up.write(`${text}\n`),
    sendLine: (text) => up.write(`${text}\n`),
  };
}

function serve(server, requests) {
  const notify = (method, params) => server.notify(method, params);
  for (const [method, handler] of Object.entries(requests)) {
    server.handlers.set(method, (params) => handler(params, { notify }));
  }
}

export async function wires() {
  return ['any stream, by your own hand'];
}
