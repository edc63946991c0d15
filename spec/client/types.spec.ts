import type { Observable } from 'rxjs';

import type { Lagged } from '../../src/backpressure/index.js';
import type { Client, ClientEvent, NotificationStream } from '../../src/client/index.js';
import { retryOverloaded } from '../../src/client/index.js';
import { defineContract, notification, request, serverRequest, type } from '../../src/protocol/index.js';
import { type Equal, expectType } from '../protocol/expect-type.js';

const contract = defineContract({
  requests: {
    list: request({ result: type<string[]>() }),
    find: request({ params: type<{ readonly name: string } | undefined>(), result: type<number>() }),
    open: request({ params: type<{ readonly name: string }>() }),
  },
  notifications: { ping: notification(), log: notification({ params: type<string>() }) },
  serverRequests: { ask: serverRequest({ params: type<string>(), result: type<boolean>() }) },
  serverNotifications: {
    saved: notification({ params: type<{ readonly name: string }>() }),
    typed: notification({ params: type<{ readonly key: string }>(), delivery: 'best-effort' }),
    kept: notification({ params: type<number>(), delivery: 'lossless' }),
    tick: notification({ delivery: 'best-effort' }),
  },
});
type C = typeof contract;

/** The compiler checks what is written; nothing of it is run. */
const compiles = (_: (client: Client<C>) => unknown): void => undefined;

describe('the types of a client', () => {
  it('make params optional exactly where they may be undefined, with options after them', () => {
    compiles((client) => {
      client.request('list');
      client.request('list', undefined, { timeout: 5 });
      client.request('find');
      client.request('find', { name: 'a' }, { id: 'mine' });
      client.exchange('open', { name: 'a' });
      client.notify('ping');
      // @ts-expect-error: it has no params
      client.request('list', { name: 'a' });
      // @ts-expect-error: params are missing
      client.request('open');
      // @ts-expect-error: options do not stand for params
      client.request('open', { timeout: 5 });
      // @ts-expect-error: a call has a signal, and no id
      void client.call('list', undefined, { id: 'mine' });
      // @ts-expect-error: params are missing
      client.notify('log');
    });
    expectType<Equal<Parameters<Client<C>['notify']>[0], 'ping' | 'log'>>();
  });

  it('show gaps among best-effort events, and among those alone', () => {
    expectType<Equal<NotificationStream<C, 'saved'>, Observable<{ readonly name: string }>>>();
    expectType<Equal<NotificationStream<C, 'kept'>, Observable<number>>>();
    expectType<Equal<NotificationStream<C, 'typed'>, Observable<{ readonly key: string } | Lagged>>>();
    expectType<Equal<NotificationStream<C, 'tick'>, Observable<undefined | Lagged>>>();
    expectType<Equal<Client<C>['events$'], Observable<ClientEvent<C> | Lagged>>>();
    expectType<Equal<ReturnType<Client<C>['scoped']>, Observable<ClientEvent<C> | Lagged>>>();
  });

  it('hold a handler to the answer its contract wants', () => {
    compiles((client) => {
      client.handle('ask', (params) => params.length > 1);
      client.handle('ask', async () => true);
      // @ts-expect-error: the answer is a boolean
      client.handle('ask', () => 'yes');
      // @ts-expect-error: no such question
      client.handle('saved', () => true);
    });
  });

  it('pass through retryOverloaded', () => {
    compiles((client) => {
      const answer$ = client.request('find').pipe(retryOverloaded());
      expectType<Equal<typeof answer$, Observable<number>>>();
    });
    expect(retryOverloaded).toHaveLength(0);
  });
});
