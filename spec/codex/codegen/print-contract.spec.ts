import { printContract } from '../../../src/codex/codegen/print-contract.js';
import type { Protocol, ProtocolMethod } from '../../../src/codex/codegen/protocol.js';
import type { JsonSchema } from '../../../src/codex/json-schema.js';

const method = (name: string, params?: string, isOptional = false): ProtocolMethod => ({
  name,
  ...(params !== undefined && { params }),
  isOptional,
});

const protocol = (given: Partial<Protocol>): Protocol => ({
  definitions: new Map(),
  requests: [],
  notifications: [],
  serverRequests: [],
  serverNotifications: [],
  ...given,
});

/** The entries, without the space between. */
const entriesOf = (given: Partial<Protocol>): string => printContract(protocol(given)).text.replaceAll(/\s+/g, ' ');

describe('printContract', () => {
  it('has params and results by name, and says which results it knows nothing of', () => {
    const { text, checked, rawResults } = printContract(
      protocol({
        definitions: new Map<string, JsonSchema>([['AResponse', true]]),
        requests: [method('a', 'AParams'), method('b/c', 'BParams', true), method('d')],
      }),
    );
    expect(text).toContain(
      [
        '    a: request({',
        `      params: schema<t.AParams>('AParams'),`,
        `      result: schema<t.AResponse>('AResponse'),`,
        '    }),',
        `    'b/c': request({`,
        `      params: schema<t.BParams | null | undefined>('BParams', 'optional'),`,
        '    }),',
        '    d: request(),',
      ].join('\n'),
    );
    expect([...checked]).toEqual(['AParams', 'AResponse', 'BParams']);
    expect(rawResults).toEqual(['b/c', 'd']);
  });

  it('lets the interrupt of a turn past full queues (C7)', () => {
    expect(entriesOf({ requests: [method('turn/interrupt'), method('turn/start')] })).toContain(
      `'turn/interrupt': request({ urgent: true, }), 'turn/start': request(),`,
    );
  });

  it('lets growing text be given up, and nothing else (E1)', () => {
    const text = { type: 'string' };
    const properties = { threadId: text, turnId: text, itemId: text, delta: text };
    const definitions = new Map<string, JsonSchema>([
      ['Growth', { properties, required: Object.keys(properties) }],
      ['Other', { properties: { ...properties, delta: { type: 'object' } }, required: Object.keys(properties) }],
    ]);
    const grows = (name: string, params: string): unknown => {
      const printed = printContract(protocol({ definitions, serverNotifications: [method(name, params)] }));
      return [printed.text.includes(`'${name}': growingText<t.${params}>()`), [...printed.checked]];
    };
    // Nothing checks text that grows.
    expect(grows('item/agentMessage/delta', 'Growth')).toEqual([true, []]);
    expect(grows('item/plan/delta', 'Growth')).toEqual([true, []]);
    expect(grows('item/plan/delta', 'Other')).toEqual([false, ['Other']]);
    expect(grows('turn/diff/updated', 'Growth')).toEqual([false, ['Growth']]);
  });

  it('groups events and questions by the thread they speak of', () => {
    const ofThread = (threadId: JsonSchema, required: readonly string[]): JsonSchema => ({
      properties: { threadId },
      required,
    });
    const text = entriesOf({
      definitions: new Map<string, JsonSchema>([
        ['Sure', ofThread({ type: 'string' }, ['threadId'])],
        ['Unsure', ofThread({ type: 'string' }, [])],
        ['Nullable', ofThread({ type: ['string', 'null'] }, ['threadId'])],
        ['Number', ofThread({ type: 'integer' }, ['threadId'])],
        ['Whole', { properties: { thread: { $ref: 'Thread' } }, required: ['thread'] }],
        ['Part', { properties: { thread: { $ref: 'Thread' } } }],
        ['Thread', { properties: { id: { type: 'string' } } }],
      ]),
      serverRequests: [method('ask', 'Sure')],
      serverNotifications: ['Sure', 'Unsure', 'Nullable', 'Number', 'Whole', 'Part'].map((name) => method(name, name)),
    });
    expect(text).toContain(
      `ask: serverRequest({ params: schema<t.Sure>('Sure'), scope: ({ threadId }) => threadId, })`,
    );
    expect(
      [...text.matchAll(/(\w+): notification\(\{ params: [^,]*,(?: scope: ([^,]*),)? \}\)/g)].map(([, ...it]) => it),
    ).toEqual([
      ['Sure', '({ threadId }) => threadId'],
      ['Unsure', '({ threadId }) => threadId ?? undefined'],
      ['Nullable', '({ threadId }) => threadId ?? undefined'],
      ['Number', undefined],
      ['Whole', '({ thread }) => thread.id'],
      ['Part', undefined],
    ]);
  });
});
