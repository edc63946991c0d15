import { readProtocol } from '../../../src/codex/codegen/read-protocol.js';

const method = (name: string, params?: unknown, isRequired = true): object => ({
  type: 'object',
  properties: { method: { enum: [name] }, ...(params !== undefined && { params }) },
  required: ['method', ...(isRequired ? ['params'] : [])],
});

/** A bundle with these methods of a client, and these definitions. */
const bundle = (requests: readonly object[], v1: object = {}, v2: object = {}): string =>
  JSON.stringify({
    definitions: {
      ClientRequest: { oneOf: requests },
      ClientNotification: { oneOf: [method('initialized', undefined, false)] },
      ServerRequest: { oneOf: [] },
      ServerNotification: { oneOf: [method('error', { $ref: '#/definitions/v2/ErrorNotification' })] },
      ...v1,
      v2,
    },
  });

describe('readProtocol', () => {
  it('reads the methods of each kind', () => {
    const optional = { anyOf: [{ $ref: '#/definitions/v2/P' }, { type: 'null' }] };
    const protocol = readProtocol(
      bundle([
        method('a', { $ref: '#/definitions/v2/P' }),
        method('b', optional, false),
        method('c', { type: 'null' }, false),
      ]),
    );
    expect(protocol).toMatchObject({
      requests: [
        { name: 'a', params: 'P', isOptional: false },
        { name: 'b', params: 'P', isOptional: true },
        { name: 'c', isOptional: true },
      ],
      notifications: [{ name: 'initialized', isOptional: true }],
      serverRequests: [],
      serverNotifications: [{ name: 'error', params: 'ErrorNotification', isOptional: false }],
    });
    expect(protocol.requests[2]).not.toHaveProperty('params');
  });

  it('gives params that are described on the spot a name', () => {
    const { requests, definitions } = readProtocol(bundle([method('thread/start', { type: 'object' })]));
    expect(requests).toEqual([{ name: 'thread/start', params: 'ThreadStartParams', isOptional: false }]);
    expect(definitions.get('ThreadStartParams')).toEqual({ type: 'object' });
  });

  it('makes one list of the definitions, and renames what speaks of them, wherever it stands', () => {
    const ref = { $ref: '#/definitions/v2/B' };
    const { definitions } = readProtocol(
      bundle(
        [],
        {
          A: {
            properties: { $ref: ref },
            items: ref,
            additionalProperties: ref,
            allOf: [ref],
            anyOf: [ref],
            oneOf: [ref],
          },
          JSONRPCRequest: {},
        },
        { B: { type: 'string' }, 'C<B>': { $ref: '#/definitions/A' } },
      ),
    );
    const b = { $ref: 'B' };
    expect(Object.fromEntries(definitions)).toEqual({
      A: { properties: { $ref: b }, items: b, additionalProperties: b, allOf: [b], anyOf: [b], oneOf: [b] },
      B: { type: 'string' },
      C_B_: { $ref: 'A' },
    });
  });

  it('tells two definitions of one name apart if they differ', () => {
    const speaker = { allOf: [{ $ref: '#/definitions/Id' }, { $ref: '#/definitions/v2/Id' }] };
    const same = readProtocol(
      bundle([], { Id: { type: 'string', title: 'Id' }, It: speaker }, { Id: { type: 'string' } }),
    );
    expect(same.definitions.get('It')).toEqual({ allOf: [{ $ref: 'Id' }, { $ref: 'Id' }] });
    const differ = readProtocol(bundle([], { Id: { type: 'integer' }, It: speaker }, { Id: { type: 'string' } }));
    expect(differ.definitions.get('It')).toEqual({ allOf: [{ $ref: 'IdV1' }, { $ref: 'Id' }] });
    expect(differ.definitions.get('IdV1')).toEqual({ type: 'integer' });
  });

  it.each([
    ['{', /JSON/],
    ['null', 'the schema has no definitions'],
    ['{"definitions":{}}', 'the schema has no list of methods named ClientRequest'],
    [bundle([{ properties: {} }]), 'a method in ClientRequest has no name'],
    [bundle([], { A: { $ref: 'http://elsewhere' } }), 'the schema speaks of "http://elsewhere", which is not in it'],
  ])('refuses %s', (text, message) => {
    expect(() => readProtocol(text)).toThrow(SyntaxError);
    expect(() => readProtocol(text)).toThrow(message);
  });
});
