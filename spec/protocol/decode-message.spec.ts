import fc from 'fast-check';

import { type Inbound, decodeMessage } from '../../src/protocol/index.js';

const reasonOf = (value: unknown): string | undefined => {
  const inbound = decodeMessage(value);
  return 'malformed' in inbound ? inbound.malformed.message : undefined;
};

describe('decodeMessage', () => {
  it.each<[string, unknown, Inbound]>([
    ['a request', { jsonrpc: '2.0', id: 1, method: 'm', params: { a: 1 } }, { id: 1, method: 'm', params: { a: 1 } }],
    ['a request without params', { id: 'x', method: 'm' }, { id: 'x', method: 'm' }],
    ['a request with params null', { id: 1, method: 'm', params: null }, { id: 1, method: 'm', params: null }],
    ['a notification', { method: 'm', params: [1] }, { method: 'm', params: [1] }],
    ['a notification without params', { method: 'm' }, { method: 'm' }],
    ['a result', { id: 1, result: { a: 1 } }, { id: 1, result: { a: 1 } }],
    ['a result that is null', { id: 1, result: null }, { id: 1, result: null }],
    [
      'a result that is undefined, as only an object in memory can have',
      { id: 1, result: undefined },
      { id: 1, result: undefined },
    ],
    ['an error', { id: 1, error: { code: -1, message: 'no' } }, { id: 1, error: { code: -1, message: 'no' } }],
    [
      'an error with data',
      { id: 1, error: { code: -1, message: 'no', data: null } },
      { id: 1, error: { code: -1, message: 'no', data: null } },
    ],
    [
      'an error for nobody',
      { id: null, error: { code: -1, message: 'no' } },
      { id: null, error: { code: -1, message: 'no' } },
    ],
  ])('reads %s', (_name, value, message) => {
    expect(decodeMessage(value)).toMatchObject(message);
  });

  it('C10: keeps all that it does not know, in the envelope too', () => {
    const [params, trace] = [{ unknown: true }, 'x'];
    for (const value of [
      { id: 1, method: 'm', params, trace },
      { method: 'm', params, emittedAtMs: 1 },
      { jsonrpc: '2.0', id: 1, result: params },
      { id: 1, error: { code: -1, message: 'no', more: true }, trace },
    ])
      expect(decodeMessage(value)).toBe(value);
  });

  it.each<[string, unknown, Inbound]>([
    ['a notification whose id is undefined', { id: undefined, method: 'm' }, { method: 'm' }],
    ['a result whose method is undefined', { id: 1, method: undefined, result: 1 }, { id: 1, result: 1 }],
    ['a result whose error is undefined', { id: 1, result: 1, error: undefined }, { id: 1, result: 1 }],
    [
      'an error whose method is undefined',
      { id: 1, method: undefined, error: { code: -1, message: 'no' } },
      { id: 1, error: { code: -1, message: 'no' } },
    ],
    ['a request that says it is malformed', { id: 1, method: 'm', malformed: 1 }, { id: 1, method: 'm' }],
    ['a notification that says so', { method: 'm', params: 2, malformed: 1 }, { method: 'm', params: 2 }],
    ['a result that says so', { id: 1, result: 1, malformed: 1 }, { id: 1, result: 1 }],
  ])('does not take %s for something else', (_name, value, message) => {
    expect(decodeMessage(value)).toStrictEqual(message);
  });

  it('passes params, results and data by reference', () => {
    const value = {};
    expect(decodeMessage({ method: 'm', params: value })).toHaveProperty('params', value);
    expect((decodeMessage({ id: 1, result: value }) as { result: unknown }).result).toBe(value);
  });

  it('C2: keeps the ids 1 and "1" apart', () => {
    expect([decodeMessage({ id: 1, method: 'm' }), decodeMessage({ id: '1', method: 'm' })]).toStrictEqual([
      { id: 1, method: 'm' },
      { id: '1', method: 'm' },
    ]);
  });

  it.each<[string, unknown, string]>([
    ['text', 'text', 'a message is a JSON object'],
    ['a number', 1, 'a message is a JSON object'],
    ['null', null, 'a message is a JSON object'],
    ['undefined', undefined, 'a message is a JSON object'],
    ['a batch', [{ method: 'm' }], 'a message is a JSON object'],
    ['an empty object', {}, 'a message has a "method", a "result" or an "error"'],
    ['an id alone', { id: 1 }, 'a message has a "method", a "result" or an "error"'],
    ['a method that is no string', { method: 1 }, '"method" is a string'],
    ['a method that is null', { id: 1, method: null, result: 1 }, '"method" is a string'],
    ['a request whose id is null', { id: null, method: 'm' }, 'a request\'s "id" is a string or a safe integer'],
    ['a request whose id is a fraction', { id: 1.5, method: 'm' }, 'a request\'s "id" is a string or a safe integer'],
    [
      'a request whose id is beyond 2^53',
      { id: 2 ** 53, method: 'm' },
      'a request\'s "id" is a string or a safe integer',
    ],
    ['a result without an id', { result: 1 }, 'a response has the "id" of its request'],
    ['a result whose id is null', { id: null, result: 1 }, 'a response has the "id" of its request'],
    ['an error without an id', { error: { code: 1, message: 'm' } }, 'a response has the "id" of its request'],
    ['an error that is null', { id: 1, error: null }, '"error" has a numeric "code" and a "message"'],
    ['an error that is text', { id: 1, error: 'no' }, '"error" has a numeric "code" and a "message"'],
    ['an error without a code', { id: 1, error: { message: 'm' } }, '"error" has a numeric "code" and a "message"'],
    ['an error without a message', { id: 1, error: { code: 1 } }, '"error" has a numeric "code" and a "message"'],
  ])('says what is wrong with %s', (_name, value, reason) => {
    expect(reasonOf(value)).toBe(`not a JSON-RPC message: ${reason}`);
  });

  it('keeps what it could not read as the cause', () => {
    const value = { id: 1 };
    expect((decodeMessage(value) as { malformed: Error }).malformed.cause).toBe(value);
  });

  it('never throws, and reads its own messages as they are', () => {
    const loose = fc.record(
      {
        id: fc.oneof(fc.integer(), fc.string(), fc.jsonValue()),
        method: fc.oneof(fc.string(), fc.jsonValue()),
        params: fc.jsonValue(),
        result: fc.jsonValue(),
        error: fc.oneof(fc.record({ code: fc.integer(), message: fc.string() }), fc.jsonValue()),
      },
      { requiredKeys: [] },
    );
    fc.assert(
      fc.property(fc.oneof(loose, fc.jsonValue()), (value) => {
        const inbound = decodeMessage(value);
        if (!('malformed' in inbound)) expect(decodeMessage(inbound)).toStrictEqual(inbound);
      }),
    );
  });
});
