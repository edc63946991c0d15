import fc from 'fast-check';
import { z } from 'zod';

import {
  defineContract,
  isDecodeError,
  isRpcError,
  request,
  RpcError,
  TransportError,
  type,
} from '../../src/protocol/index.js';
import { plain } from '../rules/support.js';
import { type Asked, LaneOwner } from './lane-owner.js';

/** A lane with an open session. */
const open = (...args: ConstructorParameters<typeof LaneOwner>): LaneOwner => {
  const owner = new LaneOwner(...args);
  owner.lane.open();
  return owner;
};

const log = (params: string): { method: string; params: string } => ({ method: 'log', params });

describe('CommandLane', () => {
  describe('C4 the line', () => {
    it('holds requests and notifications in one order until the session is open, and opens once', () => {
      const owner = new LaneOwner();
      owner.ask('a');
      expect(owner.lane.notify(log('b'))).toBe('queued');
      owner.ask('c');
      expect(owner.order).toEqual([]);
      owner.lane.open();
      owner.lane.open();
      expect(owner.order).toEqual(['a', 'b', 'c']);
      expect(owner.shown).toEqual(owner.wire);
    });

    it('is counted with that of urgent requests', () => {
      const owner = new LaneOwner();
      owner.ask('a');
      owner.ask('b', { method: 'stop' });
      expect(owner.lane.counts).toEqual({ inFlight: 0, waiting: 2, sent: 0, answered: 0 });
    });

    it('takes a notification before the session is open, though nothing stands before it', () => {
      const owner = new LaneOwner();
      expect(owner.lane.notify(log('a'))).toBe('queued');
      expect(owner.order).toEqual([]);
    });

    it('lets the handshake through before it is open', () => {
      const owner = new LaneOwner({ inFlight: 1 });
      owner.ask('a');
      const handshake = owner.ask('b', { opening: true });
      expect(owner.wire).toEqual([{ id: 1, method: 'echo', params: 'b' }]);
      owner.answer(1);
      expect(handshake.seen).toEqual([{}, '|']);
      expect(owner.order).toEqual(['b']);
    });

    it('keeps a notification behind a request that has no place on the wire', () => {
      const owner = open({ inFlight: 1 });
      owner.ask('a');
      owner.ask('b');
      expect(owner.lane.notify(log('c'))).toBe('queued');
      owner.ask('d');
      owner.answer(0);
      expect(owner.order).toEqual(['a', 'b', 'c']);
      owner.answer(1);
      expect(owner.order).toEqual(['a', 'b', 'c', 'd']);
    });

    it('is not overtaken by a request or a notification made from inside an answer', () => {
      const owner = open({ inFlight: 1 });
      const first = owner.ask('a');
      owner.ask('b');
      first.onAnswer = () => {
        owner.ask('c');
        owner.lane.notify(log('d'));
      };
      owner.answer(0);
      owner.answer(1);
      expect(owner.order).toEqual(['a', 'b', 'c', 'd']);
    });

    it('is passed by when it is empty: the place of an answered request is free inside its answer', () => {
      const owner = open({ inFlight: 1 });
      const first = owner.ask('a');
      first.onAnswer = () => {
        owner.ask('b');
        expect(owner.order).toEqual(['a', 'b']);
      };
      owner.answer(0);
      expect(first.seen).toEqual([{}, '|']);
    });

    it('is drained without recursion by a peer that answers inside send', () => {
      const owner = new LaneOwner({ inFlight: 1, requests: 20_000 });
      owner.reply = (message) => 'id' in message && message.id !== null && owner.answer(message.id);
      const all = Array.from({ length: 20_000 }, (_, n) => owner.ask(`${n}`));
      owner.lane.open();
      expect(owner.order).toEqual(all.map((_, n) => `${n}`));
      expect(all.every(({ seen }) => seen.length === 2)).toBe(true);
      owner.expectNothingLeft();
    });

    it('stops where the sink fills, and goes on when that has room', () => {
      const owner = new LaneOwner();
      owner.reply = () => (owner.full = owner.wire.length === 2);
      for (const params of ['a', 'b', 'c']) owner.ask(params);
      owner.lane.open();
      expect(owner.order).toEqual(['a', 'b']);
      expect(owner.lane.notify(log('d'))).toBe('queued');
      owner.ask('e');
      owner.lane.writable();
      expect(owner.order).toEqual(['a', 'b', 'c', 'd', 'e']);
    });

    it('refuses what is too much, and keeps neither its id nor its deadline', () => {
      const owner = new LaneOwner({ requests: 2 });
      owner.ask('a');
      owner.lane.notify(log('b'));
      const refused = owner.ask('c', { id: 'mine', timeout: 5 });
      expect(refused.error).toMatchObject({ reason: 'full', method: 'echo', message: 'echo: 2 requests wait already' });
      expect(owner.lane.notify(log('c'))).toBe('full');
      expect(owner.deadlines.size).toBe(0);
      owner.lane.open();
      expect(owner.ask('d', { id: 'mine' }).seen).toEqual([]);
      expect(owner.order).toEqual(['a', 'b', 'd']);
    });
  });

  describe('C2 ids', () => {
    it('that are none are refused with a TypeError before anything is registered', () => {
      const owner = open();
      const refused = owner.ask('a', { id: 1.5 });
      expect(refused.error).toEqual(new TypeError('a request id is a string or a safe integer, not 1.5'));
      owner.expectNothingLeft();
      expect(owner.wire).toEqual([]);
    });

    it('of requests that still wait are answered by nobody', () => {
      const owner = open({ inFlight: 1 });
      owner.ask('a');
      const waiting = owner.ask('b');
      expect(owner.answer(1)).toBe(false);
      expect(waiting.seen).toEqual([]);
    });
  });

  describe('C6 a request given up on the wire', () => {
    it('keeps its place and its id until the late answer, which counts as no answer', () => {
      const owner = open({ inFlight: 1 });
      const left = owner.ask('a', { id: 'mine' });
      owner.ask('b');
      left.request.unsubscribe();
      expect(owner.lane.awaited).toBe(1);
      expect(owner.ask('c', { id: 'mine' }).error).toMatchObject({ code: -32600, data: { id: 'mine' } });
      expect(owner.order).toEqual(['a', 'cancel mine']);
      expect(owner.lane.answer({ id: 'mine', error: { code: -32800, message: 'Cancelled' } }, 0)).toBe(true);
      expect(owner.order).toEqual(['a', 'cancel mine', 'b']);
      expect(left.seen).toEqual([]);
      expect(owner.lane.counts).toEqual({ inFlight: 1, waiting: 0, sent: 2, answered: 0 });
    });

    it('is cancelled once, whether it is left after its timeout or its timeout comes after', () => {
      const owner = open();
      const expired = owner.ask('a', { timeout: 10 });
      const left = owner.ask('b', { timeout: 10 });
      left.request.unsubscribe();
      owner.wait(20);
      expired.request.unsubscribe();
      left.request.unsubscribe();
      expect(owner.order).toEqual(['a', 'b', 'cancel 1', 'cancel 0']);
      expect(expired.error).toEqual(new TransportError('timeout', 'no answer in time', 'echo'));
      expect(left.seen).toEqual([]);
    });

    it('frees its place after cancelHold; its late answer is then swallowed and frees the id', () => {
      const owner = open({ inFlight: 1 });
      owner.ask('a', { id: 'mine' }).request.unsubscribe();
      owner.ask('b');
      owner.wait(99);
      expect(owner.order).toEqual(['a', 'cancel mine']);
      owner.wait(1);
      expect(owner.order).toEqual(['a', 'cancel mine', 'b']);
      expect(owner.ask('c', { id: 'mine' }).error).toMatchObject({ code: -32600 });
      expect([owner.answer('mine'), owner.answer('mine')]).toEqual([true, false]);
      owner.answer(0);
      owner.ask('d', { id: 'mine' });
      expect(owner.order.at(-1)).toBe('d');
      owner.answer('mine');
      owner.expectNothingLeft();
    });
  });

  describe('what the wire cannot carry', () => {
    const unable = (owner: LaneOwner): Error => {
      const error = new Error('circular');
      owner.reply = () => {
        throw error;
      };
      return error;
    };

    it('is the error of a request, which leaves nothing behind', () => {
      const owner = open();
      const cause = unable(owner);
      const { error } = owner.ask('a');
      expect(error).toMatchObject({ reason: 'protocol', message: 'echo: cannot be sent: circular', cause });
      expect(owner.shown).toEqual([]);
      owner.expectNothingLeft();
    });

    it('is a diagnostic of a notification', () => {
      const owner = open();
      const error = unable(owner);
      owner.lane.notify(log('a'));
      expect(owner.diagnostics).toEqual([{ type: 'unsendable', method: 'log', error }]);
      expect(owner.shown).toEqual([]);
    });

    it('C6 is a diagnostic of a cancel whose words fail', () => {
      const error = new Error('planned');
      const params = (): never => {
        throw error;
      };
      const owner = open({}, { ...plain, cancel: { method: 'cancel', params, id: () => undefined } });
      owner.ask('a').request.unsubscribe();
      expect(owner.diagnostics).toEqual([{ type: 'callbackFailed', method: 'cancel', error }]);
      expect(owner.order).toEqual(['a']);
    });
  });

  it('C6 a cancel may be answered from inside its sending', () => {
    const owner = open();
    const asked = owner.ask('a');
    owner.reply = () => owner.answer(0);
    asked.request.unsubscribe();
    expect(asked.seen).toEqual([]);
    expect(owner.lane.awaited).toBe(0);
    expect(owner.lane.counts.inFlight).toBe(0);
  });

  it('C2 a duplicate is told which request it is', () => {
    const owner = open();
    owner.ask('a', { id: 7 });
    const { error } = owner.ask('b', { id: 7 });
    expect(error).toMatchObject({ code: -32600, message: 'duplicate request id: 7', method: 'echo' });
  });

  it('C10 an answer to a method the contract does not have passes as it is', () => {
    const owner = open();
    const asked = owner.ask('a', { method: 'nobody knows' });
    owner.answer(0, 'b');
    expect(asked.seen).toEqual(['b', '|']);
  });

  describe('C7 urgent requests', () => {
    it('go past those that wait for a place, under a bound of their own', () => {
      const owner = open({ inFlight: 1, requests: 2 });
      for (const params of ['a', 'b', 'c']) owner.ask(params);
      for (const params of ['d', 'e', 'f']) owner.ask(params, { method: 'stop' });
      expect(owner.order).toEqual(['a', 'd', 'e']);
      expect(owner.lane.counts).toMatchObject({ inFlight: 1, sent: 3 });
    });

    it('give their place to the next when they are answered, not to common ones', () => {
      const owner = open({ inFlight: 1, requests: 1 });
      owner.ask('a');
      const urgent = owner.ask('b', { method: 'stop' });
      owner.ask('c');
      owner.answer(urgent.request.id);
      owner.ask('d', { method: 'stop' });
      expect(owner.order).toEqual(['a', 'b', 'd']);
    });

    it('of which too many are on the wire wait, and need no common place when their turn comes', () => {
      const owner = open({ inFlight: 1, requests: 1 });
      owner.ask('a');
      owner.ask('b', { method: 'stop' });
      owner.ask('c', { method: 'stop' });
      expect(owner.order).toEqual(['a', 'b']);
      owner.answer(1);
      expect(owner.order).toEqual(['a', 'b', 'c']);
    });

    it('are not let through by the answer of a common one', () => {
      const owner = open({ inFlight: 1, requests: 1 });
      owner.ask('a');
      owner.ask('b', { method: 'stop' });
      owner.ask('c', { method: 'stop' });
      owner.answer(0);
      expect(owner.order).toEqual(['a', 'b']);
    });
  });

  describe('C9 a time limit', () => {
    it('that passes in the line frees the place there, and nothing is sent', () => {
      const owner = new LaneOwner({ requests: 1 });
      const expired = owner.ask('a', { timeout: 10 });
      owner.wait(10);
      expect(expired.error).toMatchObject({ reason: 'timeout' });
      owner.expectNothingLeft();
      owner.ask('b');
      owner.lane.open();
      expect(owner.order).toEqual(['b']);
    });

    it('ends with the answer', () => {
      const owner = open();
      const asked = owner.ask('a', { timeout: 10 });
      owner.answer(0);
      expect(owner.deadlines.size).toBe(0);
      owner.wait(20);
      expect(asked.seen).toEqual([{}, '|']);
    });
  });

  describe('C10 an answer', () => {
    const checked = defineContract({ requests: { echo: request({ params: type<string>(), result: z.number() }) } });

    it('that does not fit its schema errors with a DecodeError', () => {
      const owner = open({}, checked);
      const asked = owner.ask('a');
      owner.answer(0, 'one');
      expect(isDecodeError(asked.error)).toBe(true);
      expect(asked.error).toMatchObject({ method: 'echo', value: 'one' });
      owner.expectNothingLeft();
    });

    it('E9 is told with its id and number to who wants them', () => {
      const owner = open({}, checked);
      const asked = owner.ask('a', { id: 'mine', seq: true });
      owner.lane.answer({ id: 'mine', result: 1 }, 42);
      expect(asked.seen).toEqual([{ id: 'mine', seq: 42, result: 1 }, '|']);
    });
  });

  describe('D1 stop', () => {
    it('refuses all that wait and all that comes, and counts the requests; what is on the wire goes on', () => {
      const owner = open({ inFlight: 1 });
      const sent = owner.ask('a');
      const waiting = owner.ask('b', { timeout: 10 });
      owner.lane.notify(log('c'));
      expect(owner.lane.stop(new TransportError('closed', 'that was it'))).toBe(1);
      expect(waiting.error).toEqual(new TransportError('closed', 'that was it', 'echo'));
      expect(owner.ask('d').error).toEqual(new TransportError('closed', 'that was it', 'echo'));
      expect(owner.lane.notify(log('d'))).toBe('closed');
      owner.lane.open();
      expect(owner.idles).toBe(0);
      owner.answer(0);
      expect(sent.seen).toEqual([{}, '|']);
      expect(owner.order).toEqual(['a']);
      expect(owner.idles).toBeGreaterThan(0);
      owner.expectNothingLeft();
    });

    it('tells of the notifications that are not sent', () => {
      const owner = new LaneOwner();
      owner.lane.notify(log('a'));
      expect(owner.lane.stop(new TransportError('closed', 'that was it'))).toBe(0);
      expect(owner.diagnostics).toEqual([{ type: 'ignoredNotification', method: 'log', reason: 'that was it' }]);
    });

    it('gives the first reason to all, whatever ends the rest', () => {
      const owner = open();
      const sent = owner.ask('a');
      owner.lane.stop(new TransportError('closed', 'first'));
      owner.lane.end(new TransportError('closed', 'second'));
      for (const { error } of [sent, owner.ask('b')]) expect(error).toMatchObject({ message: 'echo: first' });
    });

    it('is not idle as long as somebody waits, though another leaves', () => {
      const owner = open();
      const [left, waiting] = [owner.ask('a'), owner.ask('b')];
      owner.lane.stop(new TransportError('closed', 'that was it'));
      left.request.unsubscribe();
      expect(owner.idles).toBe(0);
      waiting.request.unsubscribe();
      expect(owner.idles).toBe(1);
    });

    it('is idle once nobody waits any more, though an answer is still owed', () => {
      const owner = open();
      const sent = owner.ask('a');
      owner.lane.stop(new TransportError('closed', 'that was it'));
      sent.request.unsubscribe();
      expect(owner.idles).toBe(1);
      expect(owner.order).toEqual(['a', 'cancel 0']);
    });
  });

  describe('D3 end', () => {
    it('tells whoever still waits, counts those on the wire, and forgets the given up in silence', () => {
      const owner = open({ inFlight: 2 });
      const [sent, left, waiting] = [owner.ask('a', { timeout: 10 }), owner.ask('b'), owner.ask('c')];
      left.request.unsubscribe();
      const cause = new Error('the pipe broke');
      expect(owner.lane.end(new TransportError('closed', 'gone', undefined, { cause }))).toBe(1);
      for (const { error } of [sent, waiting]) {
        expect(error).toEqual(new TransportError('closed', 'gone', 'echo', { cause }));
        expect(error).toHaveProperty('cause', cause);
      }
      expect(left.seen).toEqual([]);
      owner.expectNothingLeft();
      owner.wait(200);
      expect(owner.order).toEqual(['a', 'b', 'cancel 1']);
    });

    it('by an error of the server gives each request that error as one of its own', () => {
      const owner = new LaneOwner();
      const [a, b] = [owner.ask('a'), owner.ask('b', { method: 'work' })];
      const refusal = new RpcError(-32000, 'not you', { why: 'so' }, { method: 'initialize' });
      owner.lane.end(refusal);
      expect([a, b].every(({ error }) => isRpcError(error) && error !== refusal)).toBe(true);
      expect(a.error).toMatchObject({ code: -32000, message: 'not you', data: { why: 'so' }, method: 'echo' });
      expect(b.error).toMatchObject({ method: 'work', cause: refusal });
    });

    it('survives a request that takes others down with it, and one that asks again', () => {
      const owner = open();
      const first = owner.ask('a');
      const second = owner.ask('b');
      let again: Asked | undefined;
      first.onAnswer = () => {
        second.request.unsubscribe();
        again = owner.ask('c');
      };
      owner.lane.end(new TransportError('closed', 'gone'));
      expect(again?.error).toMatchObject({ reason: 'closed' });
      expect(second.seen).toEqual(['#']);
      expect(owner.order).toEqual(['a', 'b']);
      owner.expectNothingLeft();
    });
  });

  it('C4 keeps order and bounds, and leaves nothing, whatever happens in whatever order', () => {
    type Step = 'ask' | 'tell' | 'stop' | 'answer' | 'leave' | 'fill' | 'drain' | 'open';
    const step = fc.constantFrom<Step>(
      'ask',
      'ask',
      'tell',
      'stop',
      'answer',
      'answer',
      'leave',
      'fill',
      'drain',
      'open',
    );
    fc.assert(
      fc.property(fc.array(step, { maxLength: 60 }), fc.nat(), (steps, seed) => {
        const owner = new LaneOwner({ inFlight: 2, requests: 3 });
        const asked: Asked[] = [];
        const pick = (from: readonly Asked[]): Asked | undefined => from[seed % Math.max(1, from.length)];
        const onWire = (): Asked[] =>
          asked.filter(({ request: { state } }) => state === 'sent' || state === 'abandoned');
        const answered = new Set<Asked>();
        const settle = (one: Asked | undefined): void => {
          if (one === undefined || answered.has(one) || one.request.id === -1) return;
          if (owner.answer(one.request.id)) answered.add(one);
        };
        let n = 0;
        const does: Record<Step, () => unknown> = {
          ask: () => asked.push(owner.ask(`${(n += 1)}`)),
          tell: () => owner.lane.notify(log(`${(n += 1)}`)),
          stop: () => asked.push(owner.ask('urgent', { method: 'stop' })),
          answer: () => settle(pick(onWire().filter((one) => !answered.has(one)))),
          leave: () => pick(asked.filter(({ seen }) => seen.length === 0))?.request.unsubscribe(),
          fill: () => (owner.full = true),
          drain: () => {
            owner.full = false;
            owner.lane.writable();
          },
          open: () => owner.lane.open(),
        };
        for (const name of [...steps, 'open', 'drain'] as const) {
          does[name]();
          expect(owner.lane.counts.inFlight).toBeLessThanOrEqual(2);
          // Common and urgent ones have a line each.
          expect(owner.lane.counts.waiting).toBeLessThanOrEqual(2 * 3);
        }
        for (const one of asked) settle(one);
        for (const one of asked) settle(one);
        owner.expectNothingLeft();
        const common = owner.order.map(Number).filter((params) => !Number.isNaN(params));
        expect(common).toEqual([...common].sort((a, b) => a - b));
        expect(asked.every(({ seen }) => ['', '#', '[object Object],|'].includes(seen.join()))).toBe(true);
      }),
    );
  });
});
