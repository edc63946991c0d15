import { map, NEVER, take } from 'rxjs';

import { LagError } from '../../../src/backpressure/index.js';
import { connect } from '../../../src/client/index.js';
import { reconnecting } from '../../../src/transports/index.js';
import { codexContract, turn, type TurnEvent, type TurnOptions } from '../../../src/codex/index.js';
import type { CodexContract } from '../../../src/codex/index.js';
import { RpcError } from '../../../src/protocol/index.js';
import { type FakeWire, fakeWire, run } from '../../../src/testing/index.js';
import { watch } from '../../rules/support.js';
import { aThread, aTurn, letterOf, type ScriptedCodex, scriptedCodex, THREAD, word } from '../scripted-codex.js';

const stop = ['turn/interrupt', { threadId: THREAD, turnId: '2' }];
const methods = ({ server }: ScriptedCodex): unknown[] => server.requests.slice(1).map(({ method }) => method);

describe('TurnRun', () => {
  describe('unsubscribed before the end', () => {
    const leave = (answer: string, thread: string, until: string, options: TurnOptions<CodexContract>): unknown[] =>
      run(({ cold, expectObservable, flush }) => {
        const set = scriptedCodex({
          'turn/start': () => cold(answer, { 2: { turn: aTurn('2') } }),
          'turn/interrupt': () => ({}),
        });
        set.say(cold, thread);
        expectObservable(turn(set.client, THREAD, 'hi', options).pipe(map(letterOf)), until).toBe('-'.repeat(20));
        flush();
        return [...set.asked().slice(1)];
      });

    it('lets the turn go on, unless it is told otherwise', () => {
      const answer = '(2|)';
      const thread = '---------';
      const until = ' -^----!';
      expect(leave(answer, thread, until, {})).toEqual([]);
      expect(leave(answer, thread, until, { onUnsubscribe: 'detach' })).toEqual([]);
    });

    it('interrupts it', () => {
      const answer = '(2|)';
      const thread = '---------';
      const until = ' -^----!';
      expect(leave(answer, thread, until, { onUnsubscribe: 'interrupt' })).toEqual([stop]);
    });

    it('interrupts it when its answer tells its id', () => {
      const answer = '---------(2|)';
      const thread = '---------';
      const until = ' -^----!';
      expect(leave(answer, thread, until, { onUnsubscribe: 'interrupt' })).toEqual([stop]);
    });

    it('interrupts nothing if it could not be started', () => {
      const answer = '---------#';
      const thread = '---------';
      const until = ' -^----!';
      expect(leave(answer, thread, until, { onUnsubscribe: 'interrupt' })).toEqual([]);
    });
  });

  it('that waits for the session is not started any more when nobody waits for it', () => {
    const wire = fakeWire();
    const client = connect(wire, codexContract);
    turn(client, THREAD, 'hi', { onUnsubscribe: 'interrupt' }).subscribe().unsubscribe();
    wire.receive({ id: 0, result: { userAgent: 'codex' } });
    expect(wire.sent.map((message) => ('method' in message ? message.method : ''))).toEqual([
      'initialize',
      'initialized',
    ]);
  });

  it('interrupts nothing that has ended, also if its reader leaves at the sight of the end', () => {
    for (const end of ['c', 'x', 'f']) {
      const set = scriptedCodex({ 'turn/start': () => ({ turn: aTurn('2') }) });
      const seen = watch(turn(set.client, THREAD, 'hi', { onUnsubscribe: 'interrupt' }).pipe(take(1)));
      set.server.wire.receive(word(end));
      expect(seen.values).toHaveLength(1);
      expect(methods(set)).toEqual(['turn/start']);
    }
  });

  it('that fails is not interrupted: it went wrong by itself', () => {
    const set = scriptedCodex({
      'turn/start': () => {
        throw new RpcError(-32600, 'no');
      },
    });
    const seen = watch(turn(set.client, THREAD, 'hi', { onUnsubscribe: 'interrupt' }));
    expect(seen.end).toBe('error');
    expect(methods(set)).toEqual(['turn/start']);
  });

  describe('before its id is known', () => {
    it('holds events in a bounded buffer, where growing text gives way and leaves a gap (E2, E3)', () => {
      run(({ cold, expectObservable }) => {
        const { client, say } = scriptedCodex({ 'turn/start': () => cold('-----(2|)', { 2: { turn: aTurn('2') } }) });
        const thread = '  -(1ab)';
        const expected = '-----(lb)';
        say(cold, thread);
        // Text of one item is folded before any is given up; text of another turn is of another item.
        expectObservable(turn(client, THREAD, 'hi', { capacity: 1 }).pipe(map(kindOf))).toBe(expected, {
          l: 'lagged 1',
          b: 'ab',
        });
      });
    });

    it('errors when more than it may hold cannot be lost', () => {
      run(({ cold, expectObservable }) => {
        const { client, say } = scriptedCodex({ 'turn/start': () => NEVER });
        const thread = '  -(ssssssssssssssss)s';
        const expected = '-------------------#';
        say(cold, thread);
        const error = new LagError(1, 16, 'lossless');
        expectObservable(turn(client, 'th', 'hi', { capacity: 1 })).toBe(expected, undefined, error);
      });
    });
  });

  describe('over a lost wire', () => {
    it('asks for its end once the connection is made anew, since that may have been missed', () => {
      run(({ cold, expectObservable }) => {
        const wires: FakeWire[] = [];
        const answers: Readonly<Record<string, unknown>> = {
          initialize: { userAgent: 'codex' },
          'turn/start': { turn: aTurn('2') },
          'thread/read': { thread: aThread('idle', [aTurn('2', 'completed')]) },
        };
        const source = reconnecting(
          () => {
            const wire = fakeWire();
            wire.sent$.subscribe((message) => {
              if (!('method' in message) || !('id' in message)) return;
              wire.receive({ id: message.id, result: answers[message.method] });
            });
            wires.push(wire);
            return wire;
          },
          { delay: 3, jitter: 0 },
        );
        const client = connect(source, codexContract);
        const cut = '     --x';
        const expected = '-----u-----(c|)';
        cold(cut).subscribe(() => wires[0]?.end({ reason: 'cut', orderly: false }));
        expectObservable(turn(client, THREAD, 'hi', { grace: 6 }).pipe(map(kindOf))).toBe(expected, {
          u: 'unknown gap',
          c: 'completed, inferred',
        });
      });
    });
  });
});

function kindOf(event: TurnEvent<CodexContract>): string {
  if (event.type === 'lagged') return event.unknown === true ? 'unknown gap' : letterOf(event);
  if (event.type !== 'notification') return event.type;
  if (event.method === 'item/agentMessage/delta') return event.params.delta;
  if (event.method !== 'turn/completed') return letterOf(event);
  return `${event.params.turn.status}${event.inferred === true ? ', inferred' : ''}`;
}
