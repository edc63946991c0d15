import { z } from 'zod';

import {
  type Contract,
  type NotificationMethod,
  type ParamsArgs,
  type ParamsOf,
  type RequestMethod,
  type ResultOf,
  type ServerNotificationMethod,
  type ServerRequestMethod,
  defineContract,
  notification,
  request,
  serverRequest,
  type,
} from '../../src/protocol/index.js';
import { type Equal, expectType } from './expect-type.js';

const contract = defineContract({
  requests: {
    initialize: request({ params: type<{ name: string }>() }),
    'turn/start': request({
      params: z.object({ threadId: z.string() }),
      result: z.object({ turnId: z.string() }),
      scope: (params) => params.threadId,
    }),
  },
  notifications: { initialized: notification(), cancel: notification({ params: type<{ id: string }>() }) },
  serverRequests: { approve: serverRequest({ params: type<string>(), result: type<boolean>(), timeout: 1_000 }) },
  serverNotifications: {
    delta: notification({ params: type<string>(), delivery: 'best-effort' }),
    done: notification(),
  },
});

describe('defineContract', () => {
  it('keeps what it was given, by reference', () => {
    const requests = { add: request({ params: type<number>() }) };
    expect(defineContract({ requests }).requests).toBe(requests);
  });

  it('has no methods of a kind that was left out', () => {
    expect(defineContract({})).toEqual({
      requests: {},
      notifications: {},
      serverRequests: {},
      serverNotifications: {},
    });
  });

  it("keeps the protocol's own words", () => {
    const words = {
      handshake: { request: 'initialize', notification: 'initialized' },
      cancel: { method: 'cancel', params: () => ({}), id: () => undefined },
      resolved: { method: 'done', params: () => ({}), id: () => undefined },
      legacy: { prefix: 'old/' },
    };
    expect(defineContract({ ...contract, ...words })).toMatchObject(words);
  });

  it('takes a handshake without a notification', () => {
    const requests = { hello: request() };
    expect(defineContract({ requests, handshake: { request: 'hello' } }).handshake).toEqual({ request: 'hello' });
  });

  it.each([
    ['the handshake request', { handshake: { request: 'hello' } }, 'requests', 'hello'],
    ['the handshake notification', { handshake: { request: 'initialize', notification: 'hi' } }, 'notifications', 'hi'],
    ['the cancel notification', { cancel: { method: 'stop', params: () => 0, id: () => 0 } }, 'notifications', 'stop'],
    [
      'the resolved notification',
      { resolved: { method: 'end', params: () => 0, id: () => 0 } },
      'serverNotifications',
      'end',
    ],
    ['a word every object has', { handshake: { request: 'toString' } }, 'requests', 'toString'],
  ])('throws when %s is not one of its methods', (name, words, where, method) => {
    const what = name.startsWith('the ') ? name : 'the handshake request';
    expect(() => defineContract({ ...contract, ...words })).toThrow(
      new TypeError(`${what} "${method}" is not among the contract's ${where}`),
    );
  });

  describe('types', () => {
    type C = typeof contract;

    it('name the methods of each kind', () => {
      expectType<Equal<RequestMethod<C>, 'initialize' | 'turn/start'>>();
      expectType<Equal<NotificationMethod<C>, 'initialized' | 'cancel'>>();
      expectType<Equal<ServerRequestMethod<C>, 'approve'>>();
      expectType<Equal<ServerNotificationMethod<C>, 'delta' | 'done'>>();
    });

    it('tell params and results by method', () => {
      expectType<Equal<ParamsOf<C['requests']['turn/start']>, { threadId: string }>>();
      expectType<Equal<ResultOf<C['requests']['turn/start']>, { turnId: string }>>();
      expectType<Equal<ParamsOf<C['serverRequests']['approve']>, string>>();
      expectType<Equal<ResultOf<C['serverRequests']['approve']>, boolean>>();
      expectType<Equal<ParamsOf<C['serverNotifications']['delta']>, string>>();
    });

    it('have no method of a kind that was left out', () => {
      const small = defineContract({ requests: { add: request() } });
      expectType<Equal<RequestMethod<typeof small>, 'add'>>();
      expectType<Equal<ServerNotificationMethod<typeof small>, never>>();
    });

    it('let params be left out only where undefined is allowed', () => {
      expectType<Equal<ParamsArgs<undefined>, [params?: undefined]>>();
      expectType<Equal<ParamsArgs<{ a: 1 }>, [params: { a: 1 }]>>();
      expectType<Equal<ParamsArgs<{ a: 1 } | undefined>, [params?: { a: 1 } | undefined]>>();
      expectType<Equal<ParamsArgs<undefined, { x: 1 }>, [params?: undefined, options?: { x: 1 }]>>();
      expectType<Equal<ParamsArgs<{ a: 1 }, { x: 1 }>, [params: { a: 1 }, options?: { x: 1 }]>>();
    });

    it('fit wherever any contract fits', () => {
      const any: Contract = contract;
      expect(any).toBe(contract);
    });

    it('refuse what a method is not described by', () => {
      // @ts-expect-error -- a request has no delivery class
      request({ delivery: 'lossless' });
      // @ts-expect-error -- the callback gets the params of the schema
      request({ params: type<{ a: string }>(), scope: (params) => String(params.b) });
      // @ts-expect-error -- there is no such class
      notification({ delivery: 'sometimes' });
      expect(contract.requests['turn/start'].scope?.({ threadId: 't' })).toBe('t');
    });
  });
});
