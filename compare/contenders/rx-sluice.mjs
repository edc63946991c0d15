import { PassThrough } from 'node:stream';

import { firstValueFrom, ReplaySubject, Subject } from 'rxjs';
import {
  connect,
  decodeMessage,
  defineContract,
  inProcessWires,
  isLagged,
  notification,
  paceMap,
  request,
  RpcError,
  serverRequest,
  type,
} from 'rx-sluice';
import { createServer } from 'rx-sluice/server';

import { readLines } from '../read-lines.mjs';

export const name = 'rx-sluice';

export const contractOf = (requests) =>
  defineContract({
    requests: Object.fromEntries(
      ['initialize', ...Object.keys(requests)].map((method) => [method, request({ params: type(), result: type() })]),
    ),
    notifications: { cancel: notification({ params: type() }), pong: notification({ params: type() }) },
    serverRequests: { approve: serverRequest({ params: type(), result: type() }) },
    serverNotifications: { event: notification({ params: type(), delivery: 'best-effort' }) },
    handshake: { request: 'initialize', capabilities: () => ({ lag: true }) },
    cancel: { method: 'cancel', params: (id) => ({ id }), id: ({ id }) => id },
  });

export async function open({ requests = {} } = {}) {
  const heard = new Map();
  const server = newServer(requests, { pong: (params) => heard.get('pong')?.(params) });
  const [clientEnd, serverEnd] = inProcessWires();
  const connection = server.attach(serverEnd);
  const client = connect(clientEnd, server.contract);
  return {
    request: (method, params, options) => client.call(method, params, options),
    observe: (method, params, options) => client.request(method, params, options),
    notify: (method, params) => client.notify(method, params),
    on: (method, listener) => client.notifications(method).subscribe(listener),
    onServer: (method, listener) => heard.set(method, listener),
    consume: (method, take, lost) =>
      client
        .notifications(method)
        .pipe(paceMap(take))
        .subscribe((done) => isLagged(done) && lost(done.skipped)),
    consumeAll: (method, take, failed) =>
      client
        .notifications(method)
        .pipe(paceMap(take, { lossless: () => true }))
        .subscribe({ error: failed }),
    handle: (method, handler) => client.handle(method, handler),
    ask: (method, params) => firstValueFrom(server.request(connection, method, params)),
    emit: (method, params) => connection.notify(method, params),
    shutdown: (timeout) => firstValueFrom(server.shutdown({ timeout })),
    hangUp: () => serverEnd.close({ reason: 'peer exited', orderly: false }),
  };
}

export async function serveBare(requests, { reading = true } = {}) {
  const [up, down] = [new PassThrough(), new PassThrough()];
  const connection = newServer(requests).attach(lines(up, down));
  const received = [];
  const read = () => readLines(down, (line) => received.push(JSON.parse(line)));
  if (reading) read();
  // The handshake, in which a client says that it understands gaps.
  up.write(`${JSON.stringify({ id: 'handshake', method: 'initialize', params: {} })}\n`);
  return {
    received,
    read,
    emit: (method, params) => connection.notify(method, params),
    send: (...messages) => up.write(messages.map((message) => `${JSON.stringify(message)}\n`).join('')),
    sendText: (text) => up.write(`${text}\n`),
    sendLine: (text) => up.write(`${text}\n`),
  };
}

function newServer(requests, notifications = {}) {
  const handlers = Object.entries(requests).map(([method, handler]) => [
    method,
    async (params, context) => {
      try {
        return await handler(params, { notify: (...event) => context.notify(...event), signal: context.signal });
      } catch (error) {
        if (error.code === undefined) throw error;
        throw new RpcError(error.code, error.message, error.data);
      }
    },
  ]);
  return createServer(contractOf(requests), {
    initialize: () => ({}),
    ...Object.fromEntries(handlers),
    ...notifications,
  });
}

/** A wire of lines of JSON: the package has none for streams yet. */
function lines(input, output) {
  const inbound$ = new Subject();
  const writable$ = new Subject();
  const closed$ = new ReplaySubject(1);
  readLines(input, (line) => inbound$.next(decode(line)));
  output.on('drain', () => writable$.next());
  return {
    inbound$,
    writable$,
    closed$,
    send: (message) => output.write(`${JSON.stringify(message)}\n`),
    close(info = { reason: 'closed', orderly: true }) {
      output.end();
      closed$.next(info);
      closed$.complete();
    },
  };
}

function decode(line) {
  try {
    return decodeMessage(JSON.parse(line));
  } catch (error) {
    return { malformed: error };
  }
}

export async function wires() {
  const entries = await Promise.all([import('rx-sluice'), import('rx-sluice/node')]);
  const names = entries.flatMap((entry) => Object.keys(entry).filter((exported) => /wires?$/i.test(exported)));
  return names.map((exported) =>
    exported.replace(/wires?$/i, '').replace(/[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`),
  );
}
