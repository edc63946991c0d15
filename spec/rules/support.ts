import { asyncScheduler } from 'rxjs';
import type { Observable } from 'rxjs';
import { z } from 'zod';

import { connect } from '../../src/client/index.js';
import type { Client, ClientOptions } from '../../src/client/client.js';
import { startInProcess } from '../../src/in-process/index.js';
import { defineContract, notification, request, serverRequest, type } from '../../src/protocol/index.js';
import type { Capabilities, Message, RequestId } from '../../src/protocol/index.js';
import { createServer } from '../../src/server/index.js';
import type { Connection } from '../../src/server/connection.js';
import type { Handlers, Server, ServerOptions } from '../../src/server/server.js';
import { fakeWire } from '../../src/testing/fake-wire.js';
import type { FakeWire, FakeWireOptions } from '../../src/testing/fake-wire.js';

/** Work that says how much of it there is, and what it belongs to. */
export interface Job {
  readonly n: number;
  readonly scope?: string;
}

interface WithId {
  readonly id: RequestId;
}

interface Hello {
  readonly capabilities?: Partial<Capabilities>;
}

const inScope = ({ scope }: Job): string | undefined => scope;

const requests = {
  echo: request({ params: type<unknown>(), result: type<unknown>() }),
  work: request({ params: type<Job>(), result: type<number>(), scope: inScope }),
  read: request({ params: type<Job>(), result: type<number>(), scope: inScope, access: 'shared' }),
  stop: request({ params: type<Job>(), urgent: true, scope: inScope }),
  add: request({ params: z.object({ a: z.number(), b: z.number() }), result: z.number() }),
  preview: request({ params: z.object({ a: z.number() }), experimental: true }),
};

const notifications = {
  log: notification({ params: type<string>() }),
  count: notification({ params: z.object({ n: z.number() }) }),
  cancel: notification({ params: type<WithId>() }),
};

const serverRequests = {
  approve: serverRequest({
    params: type<{ readonly command: string; readonly scope?: string }>(),
    result: z.object({ decision: z.enum(['accept', 'decline']) }),
    scope: (params) => params.scope,
  }),
  ask: serverRequest({ params: type<string>(), result: type<string>(), timeout: 100 }),
};

const serverNotifications = {
  done: notification({ params: type<Job>(), scope: inScope }),
  delta: notification({ params: type<Job>(), scope: inScope, delivery: 'best-effort' }),
  text: notification({
    params: type<{ readonly item: string; readonly text: string }>(),
    delivery: 'best-effort',
    conflate: {
      key: ({ item }) => item,
      merge: (waiting, incoming) => ({ ...waiting, text: waiting.text + incoming.text }),
      maxBytes: 1_000,
    },
  }),
  state: notification({
    params: type<{ readonly key: string; readonly value: number }>(),
    delivery: 'best-effort',
    conflate: { key: ({ key }) => key },
  }),
  sum: notification({ params: z.object({ total: z.number() }) }),
  trial: notification({ params: type<Job>(), experimental: true }),
  resolved: notification({ params: type<WithId>() }),
};

const words = {
  cancel: { method: 'cancel', params: (id: RequestId) => ({ id }), id: (params: unknown) => (params as WithId).id },
  resolved: {
    method: 'resolved',
    params: ({ id }: WithId) => ({ id }),
    id: (params: unknown) => (params as WithId).id,
  },
  legacy: { prefix: 'old/', lossless: ['old/end'] },
};

/** Without a handshake: the session is open from the start. */
export const plain = defineContract({ requests, notifications, serverRequests, serverNotifications, ...words });
export type Plain = typeof plain;

/** With a handshake, the capabilities of which are those of its params. */
export const formal = defineContract({
  requests: { ...requests, initialize: request({ params: type<Hello>(), result: type<{ readonly name: string }>() }) },
  notifications: { ...notifications, initialized: notification() },
  serverRequests,
  serverNotifications,
  ...words,
  handshake: {
    request: 'initialize',
    notification: 'initialized',
    capabilities: (params) => (params as Hello).capabilities ?? {},
  },
});
export type Formal = typeof formal;

export const plainHandlers: Handlers<Plain> = {
  echo: (params) => params,
  work: ({ n }) => n,
  read: ({ n }) => n,
  stop: () => 'stopped',
  add: ({ a, b }) => a + b,
  preview: () => 'seen',
};

export const formalHandlers: Handlers<Formal> = { ...plainHandlers, initialize: () => ({ name: 'formal' }) };

const endings: (() => void)[] = [];
/** Ends what a spec left open: its clocks would keep the process alive. */
afterEach(() => {
  for (const end of endings.splice(0)) end();
});

function heldWire(options: FakeWireOptions): FakeWire {
  const wire = fakeWire(options);
  endings.push(() => {
    wire.end();
  });
  return wire;
}

/** A real server, and a wire to it that the spec holds. */
export function servePlain(
  handlers: Partial<Handlers<Plain>> = {},
  options: ServerOptions<Plain> = {},
  wireOptions: FakeWireOptions = {},
): { readonly server: Server<Plain>; readonly wire: FakeWire; readonly connection: Connection<Plain> } {
  const server = createServer(plain, { ...plainHandlers, ...handlers }, options);
  const wire = heldWire(wireOptions);
  return { server, wire, connection: server.attach(wire) };
}

/** The same with a handshake, which the spec has to make; see {@link openSession}. */
export function serveFormal(
  handlers: Partial<Handlers<Formal>> = {},
  options: ServerOptions<Formal> = {},
  wireOptions: FakeWireOptions = {},
): { readonly server: Server<Formal>; readonly wire: FakeWire; readonly connection: Connection<Formal> } {
  const server = createServer(formal, { ...formalHandlers, ...handlers }, options);
  const wire = heldWire(wireOptions);
  return { server, wire, connection: server.attach(wire) };
}

/** Makes the handshake of `formal` and returns what is sent from then on. */
export function openSession(wire: FakeWire, capabilities: Partial<Capabilities> = {}): () => readonly Message[] {
  wire.receive({ id: 'hello', method: 'initialize', params: { capabilities } }, { method: 'initialized' });
  return since(wire);
}

/** What is sent from now on. */
export function since(wire: FakeWire): () => readonly Message[] {
  const before = wire.sent.length;
  return () => wire.sent.slice(before);
}

/** A real client, and a wire to it that the spec holds. */
export function connectPlain(
  options: ClientOptions<Plain> = {},
  wireOptions: FakeWireOptions = {},
): { readonly client: Client<Plain>; readonly wire: FakeWire } {
  const wire = heldWire(wireOptions);
  return { client: connect(wire, plain, options), wire };
}

/** A real server and a real client in one process. */
export function hostPlain(
  handlers: Partial<Handlers<Plain>> = {},
  options: { readonly server?: ServerOptions<Plain>; readonly client?: ClientOptions<Plain> } = {},
): { readonly server: Server<Plain>; readonly client: Client<Plain>; readonly connection: Connection<Plain> } {
  const server = createServer(plain, { ...plainHandlers, ...handlers }, options.server);
  const client = startInProcess(server, options.client);
  const [connection] = latest(server.connections$) ?? [];
  if (connection === undefined) throw new Error('the client is not attached');
  endings.push(() => {
    connection.close();
  });
  return { server, client, connection };
}

/** What an observable that emits at once has to say. */
export function latest<T>(source: Observable<T>): T | undefined {
  let value: T | undefined;
  source
    .subscribe((next) => {
      value = next;
    })
    .unsubscribe();
  return value;
}

/** What an observable has told so far. */
export interface Watch<T> {
  readonly values: readonly T[];
  /** How it ended, if it did. */
  readonly end: 'open' | 'complete' | 'error';
  readonly error: unknown;
  /** Count of endings; more than one is a broken observable. */
  readonly ends: number;
  unsubscribe(): void;
}

export function watch<T>(source: Observable<T>, onNext: (value: T) => void = () => undefined): Watch<T> {
  const values: T[] = [];
  const state: { end: Watch<T>['end']; error: unknown; ends: number } = { end: 'open', error: undefined, ends: 0 };
  const subscription = source.subscribe({
    next: (value) => {
      values.push(value);
      onNext(value);
    },
    error: (error: unknown) => {
      Object.assign(state, { end: 'error', error, ends: state.ends + 1 });
    },
    complete: () => {
      Object.assign(state, { end: 'complete', ends: state.ends + 1 });
    },
  });
  return {
    values,
    get end() {
      return state.end;
    },
    get error() {
      return state.error;
    },
    get ends() {
      return state.ends;
    },
    unsubscribe: () => {
      subscription.unsubscribe();
    },
  };
}

/** Does something at a frame of virtual time; only inside `run`. */
export function at(frame: number, action: () => void): void {
  asyncScheduler.schedule(action, frame - asyncScheduler.now());
}

/** The responses with this id among these messages. */
export function responsesTo(id: RequestId | null, messages: readonly Message[]): readonly Message[] {
  return messages.filter((message) => !('method' in message) && message.id === id);
}

/** The requests and notifications of this method among these messages. */
export function named(method: string, messages: readonly Message[]): readonly Message[] {
  return messages.filter((message) => 'method' in message && message.method === method);
}

/** The requests of this method among these messages, by id. */
export function idsOf(method: string, messages: readonly Message[]): readonly RequestId[] {
  return messages.flatMap((message) =>
    'method' in message && 'id' in message && message.method === method ? [message.id] : [],
  );
}

/** No request and no question is open. Events may wait for a listener who is not there. */
export function expectIdleClient(client: Pick<Client<Plain>, 'stats' | 'openRequests'>): void {
  expect(client.stats().requests).toMatchObject({ inFlight: 0, waiting: 0 });
  expect(client.stats().serverRequests.open).toBe(0);
  expect(client.openRequests()).toEqual([]);
}

export function expectIdleServer(server: Pick<Server<Plain>, 'stats' | 'openRequests'>): void {
  expect(server.stats().requests).toMatchObject({ running: 0, waiting: 0 });
  expect(server.stats().events.waiting).toBe(0);
  expect(server.stats().serverRequests.open).toBe(0);
  expect(server.openRequests()).toEqual([]);
}
