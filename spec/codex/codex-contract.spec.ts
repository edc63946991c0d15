import { connect } from '../../src/client/index.js';
import { CODEX_VERSION, codexContract } from '../../src/codex/index.js';
import {
  deliveryOf,
  type NotificationSpec,
  type RequestSpec,
  type ServerRequestSpec,
} from '../../src/protocol/index.js';
import { checkSchema } from '../../src/protocol/check-schema.js';
import { fakeWire } from '../../src/testing/index.js';
import { watch } from '../rules/support.js';
import { recorded } from './recorded.js';

const table = <S>(methods: Readonly<Record<string, S>>): ReadonlyMap<string, S> => new Map(Object.entries(methods));
const requests = table<RequestSpec>(codexContract.requests);
const questions = table<ServerRequestSpec>(codexContract.serverRequests);
const events = table<NotificationSpec>(codexContract.serverNotifications);

describe('codexContract', () => {
  describe('every recorded message', () => {
    const all = recorded();
    const schemaOf = ({ from, kind, method }: (typeof all)[number]) => {
      if (kind === 'event') return events.get(method)?.params;
      const asker = (kind === 'request') === (from === 'client') ? requests : questions;
      return kind === 'request' ? asker.get(method)?.params : asker.get(method)?.result;
    };

    it('is known', () => {
      const strange = all.filter(({ kind, method }) => {
        return kind === 'event' ? !events.has(method) : !requests.has(method) && !questions.has(method);
      });
      expect(strange).toEqual([]);
      expect(new Set(all.map(({ kind, from }) => `${kind} ${from}`))).toEqual(
        new Set(['request client', 'request codex', 'answer client', 'answer codex', 'event codex']),
      );
    });

    it('fits its schema', () => {
      const misfits = all.flatMap((message) => {
        const schema = schemaOf(message);
        const issues = schema === undefined ? undefined : checkSchema(schema, message.value);
        // One run of `approvals` answers with a decision that codex does not know: any word passes.
        return issues === undefined ? [] : [{ ...message, issues }];
      });
      expect(misfits).toEqual([]);
      expect(all.length).toBeGreaterThan(800);
    });

    it('arrives as what it is, whatever members it has besides', () => {
      const wire = fakeWire();
      const client = connect(wire, codexContract, { limits: { losslessEvents: 10_000, events: 10_000 } });
      const diagnostics = watch(client.diagnostics$);
      const seen = watch(client.events$);
      wire.receive({ id: 0, result: { userAgent: `x/${CODEX_VERSION}` } });
      const told = all.filter(({ kind }) => kind === 'event');
      for (const { method, value } of told) wire.receive({ method, params: { ...(value as object), emittedAtMs: 1 } });
      expect(diagnostics.values).toEqual([]);
      expect(seen.values.map((event) => event.type).filter((type) => type !== 'notification')).toEqual([]);
      expect(seen.values).toHaveLength(told.length);
    });
  });

  it('may lose growing text only (E1)', () => {
    const lossy = [...events].filter(([, { delivery }]) => delivery === 'best-effort').map(([method]) => method);
    expect(lossy).toEqual([
      'item/agentMessage/delta',
      'item/plan/delta',
      'item/commandExecution/outputDelta',
      'item/fileChange/outputDelta',
      'item/reasoning/summaryTextDelta',
      'item/reasoning/textDelta',
    ]);
    expect(deliveryOf(codexContract).lossless({ method: 'turn/somethingNew', params: {} })).toBe(true);
  });

  it('groups what is of a thread by that thread, questions too', () => {
    const params = { threadId: 'T', thread: { id: 'T' } };
    const free = [...events, ...questions].filter(([, { scope }]) => scope?.(params) !== 'T').map(([method]) => method);
    expect(free).toEqual(['configWarning', 'deprecationNotice']);
    expect(events.get('warning')?.scope?.({ message: 'of no thread', threadId: null })).toBeUndefined();
  });

  it('lets an interrupt past everything (C7)', () => {
    expect([...requests].filter(([, { urgent }]) => urgent).map(([method]) => method)).toEqual(['turn/interrupt']);
  });

  it('tells of another version than its own, and takes its events all the same', () => {
    const wire = fakeWire();
    const client = connect(wire, codexContract);
    const found = watch(client.diagnostics$);
    wire.receive({ id: 0, result: { userAgent: 'x/0.170.0 (Linux)' } });
    expect(found.values).toEqual([{ type: 'versionMismatch', expected: CODEX_VERSION, actual: '0.170.0' }]);
    expect(watch(client.state$).values).toEqual([{ type: 'ready' }]);
  });
});
