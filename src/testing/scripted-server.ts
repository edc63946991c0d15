import { Observable, ReplaySubject, defer, from, isObservable, of } from 'rxjs';
import type { ObservableInput, Subscription } from 'rxjs';

import { ErrorCode, RpcError, TransportError, isRpcError } from '../protocol/index.js';
import type {
  Contract,
  ErrorMessage,
  NotificationMessage,
  ParamsArgs,
  ParamsOf,
  RequestId,
  RequestMessage,
  RequestMethod,
  ResultMessage,
  ResultOf,
  ServerNotificationMethod,
  ServerRequestMethod,
} from '../protocol/index.js';
import { fakeWire } from './fake-wire.js';
import type { FakeWire, FakeWireOptions } from './fake-wire.js';

/** What a script says to one request: the answer, or something that will have it. Of an observable, the last value. */
export type ScriptedAnswer<R> = R | PromiseLike<R> | Observable<R> | (unknown extends R ? void : never);

/** A line for each request that a test expects. A request without a line is answered -32601. */
export type Script<C extends Contract> = {
  readonly [M in RequestMethod<C>]?: (
    params: ParamsOf<C['requests'][M]>,
    request: RequestMessage,
  ) => ScriptedAnswer<ResultOf<C['requests'][M]>>;
};

/** A peer that plays the server's part for a client under test. */
export interface ScriptedServer<C extends Contract> {
  /** The client's end: give it to `connect`. Full sinks and broken pipes are played here. */
  readonly wire: FakeWire;
  /** The requests that came, the handshake's included, in order. */
  readonly requests: readonly RequestMessage[];
  /** The notifications that came, in order. */
  readonly notifications: readonly NotificationMessage[];
  /** Requests without an answer yet. */
  readonly unanswered: readonly RequestId[];
  /** Sends an event. */
  notify<M extends ServerNotificationMethod<C>>(
    method: M,
    ...args: ParamsArgs<ParamsOf<C['serverNotifications'][M]>>
  ): void;
  /**
   * Asks the client. Cold: subscribing sends, again with a new id for each subscription. Emits the client's answer and
   * completes, or errors with `RpcError`, or with `TransportError` when the wire ends. Unsubscribing takes the question
   * back.
   */
  ask<M extends ServerRequestMethod<C>>(
    method: M,
    ...args: ParamsArgs<ParamsOf<C['serverRequests'][M]>>
  ): Observable<ResultOf<C['serverRequests'][M]>>;
}

/**
 * Makes a server that follows a script, to test a client without a real one.
 *
 * It speaks the contract's own words by itself: it answers the handshake (with `{}`, unless the script has a line for
 * it), stops the line of a request that is cancelled and answers -32800, and tells the client when a question is
 * settled. Everything else is the script's: the value, promise or observable that a line returns is the answer, and
 * what it throws is the error.
 *
 * **Use it when** a spec is about a client or a user interface. **Rather use** {@link fakeWire} when single messages
 * matter, or a real server in process when its rules do: this one has no limits, no order and no checks.
 *
 * - On unsubscribe: a cancelled request unsubscribes the observable of its line.
 * - Re-entrancy: what a line sends while the client reads arrives when that is done.
 *
 * @example A turn that takes its time and then asks
 * ```ts
 * run(({ cold, expectObservable }) => {
 *   const server = scriptedServer(contract, {
 *     'turn/start': () => cold('--a|', { a: { turnId: '1' } }),
 *   });
 *   const client = connect(server.wire, contract);
 *   client.handle('approve', () => ({ decision: 'accept' }));
 *
 *   expectObservable(client.request('turn/start', { threadId: 't' })).toBe('---(a|)', { a: { turnId: '1' } });
 *   expectObservable(server.ask('approve', { command: 'ls' })).toBe('(d|)', { d: { decision: 'accept' } });
 * });
 * ```
 * @param script A line for each request that is expected.
 * @param options How its wire behaves; see {@link FakeWireOptions}.
 * @see {@link fakeWire}, because `server.wire` is one.
 */
export function scriptedServer<C extends Contract>(
  contract: C,
  script: NoInfer<Script<C>> = {},
  options: FakeWireOptions = {},
): ScriptedServer<C> {
  const wire = fakeWire(options);
  const requests: RequestMessage[] = [];
  const notifications: NotificationMessage[] = [];
  const running = new Map<RequestId, Subscription | undefined>();
  const asked = new Map<RequestId, ReplaySubject<unknown>>();
  const lines = script as Readonly<Record<string, ((params: unknown, request: RequestMessage) => unknown) | undefined>>;
  let nextId = 0;

  wire.sent$.subscribe((message) => {
    if (!('method' in message)) settle(message);
    else if ('id' in message) answer(message);
    else hear(message);
  });
  wire.closed$.subscribe(({ reason }) => {
    for (const line of running.values()) line?.unsubscribe();
    running.clear();
    for (const answer$ of asked.values()) answer$.error(new TransportError('closed', `the wire has ended: ${reason}`));
    asked.clear();
  });

  function answer(message: RequestMessage): void {
    const { id, method, params } = message;
    requests.push(message);
    running.set(id, undefined);
    let result: unknown;
    const subscription = defer(() => play(method, params, message)).subscribe({
      next: (value) => {
        result = value;
      },
      complete: () => {
        reply({ id, result: result === undefined ? {} : result });
      },
      error: (error: unknown) => {
        reply({ id, error: toErrorObject(error) });
      },
    });
    if (running.has(id)) running.set(id, subscription);
  }

  function play(method: string, params: unknown, message: RequestMessage): ObservableInput<unknown> {
    const line = lines[method];
    if (line !== undefined) return toObservable(line(params, message));
    if (method === contract.handshake?.request) return of({});
    throw new RpcError(ErrorCode.MethodNotFound, `the script has no line for ${method}`);
  }

  function reply(message: ResultMessage | (ErrorMessage & { readonly id: RequestId })): void {
    if (running.delete(message.id)) wire.receive(message);
  }

  function hear(message: NotificationMessage): void {
    notifications.push(message);
    if (message.method !== contract.cancel?.method) return;
    const id = contract.cancel.id(message.params);
    if (id === undefined || !running.has(id)) return;
    running.get(id)?.unsubscribe();
    reply({ id, error: { code: ErrorCode.RequestCancelled, message: 'Cancelled' } });
  }

  function settle(message: ResultMessage | ErrorMessage): void {
    if (message.id === null) return;
    const answer$ = asked.get(message.id);
    if (answer$ === undefined) return;
    asked.delete(message.id);
    if ('error' in message) {
      answer$.error(new RpcError(message.error.code, message.error.message, message.error.data));
    } else {
      answer$.next(message.result);
      answer$.complete();
    }
  }

  function ask(method: string, params?: unknown): Observable<unknown> {
    return new Observable((subscriber) => {
      const id = nextId++;
      const answer$ = new ReplaySubject<unknown>(1);
      asked.set(id, answer$);
      const resolve = (): void => {
        const { resolved } = contract;
        if (resolved) wire.receive({ method: resolved.method, params: resolved.params({ id, method, params }) });
      };
      answer$.subscribe({ complete: resolve, error: resolve });
      answer$.subscribe(subscriber);
      wire.receive(params === undefined ? { id, method } : { id, method, params });
      return () => {
        if (asked.delete(id)) resolve();
      };
    });
  }

  return {
    wire,
    requests,
    notifications,
    get unanswered() {
      return [...running.keys()];
    },
    notify(method: string, params?: unknown) {
      wire.receive(params === undefined ? { method } : { method, params });
    },
    ask,
  } as ScriptedServer<C>;
}

function toObservable(value: unknown): Observable<unknown> {
  if (isObservable(value)) return value;
  return isPromiseLike(value) ? from(value) : of(value);
}

function isPromiseLike(value: unknown): value is PromiseLike<unknown> {
  return typeof value === 'object' && value !== null && 'then' in value && typeof value.then === 'function';
}

function toErrorObject(error: unknown): ErrorMessage['error'] {
  if (isRpcError(error)) return error.toObject();
  return { code: ErrorCode.InternalError, message: error instanceof Error ? error.message : String(error) };
}
