import { map } from 'rxjs';

import { turn, type TurnEvent, TurnFailedError } from '../../../src/codex/index.js';
import type { CodexContract } from '../../../src/codex/index.js';
import { RpcError } from '../../../src/protocol/index.js';
import { run } from '../../../src/testing/index.js';
import { aThread, aTurn, letterOf, type ScriptedCodex, scriptedCodex, THREAD } from '../scripted-codex.js';

type Read = (params: { readonly threadId: string; readonly includeTurns?: boolean | null | undefined }) => unknown;

const refuse = (code: number, message: string): never => {
  throw new RpcError(code, message);
};
const light = ['thread/read', { threadId: THREAD }];
const full = ['thread/read', { threadId: THREAD, includeTurns: true }];

/** An event's letter; of an end that was never sent, what it says. */
function shown(event: TurnEvent<CodexContract>): string {
  if (event.type !== 'notification' || event.method !== 'turn/completed' || event.inferred !== true) {
    return letterOf(event);
  }
  return event.params.turn.status;
}

/** Follows a turn while codex says `thread`; what became of it is read from `thread/read` 5 after the idle word. */
function check(
  read: Read,
  thread: string,
  expected: string,
  says: Readonly<Record<string, string>> = {},
  error?: unknown,
): unknown[] {
  return run(({ cold, expectObservable, flush }) => {
    const set: ScriptedCodex = scriptedCodex({
      'turn/start': () => ({ turn: aTurn('2') }),
      'thread/read': (params) => read(params) as { thread: ReturnType<typeof aThread> },
    });
    set.say(cold, thread);
    const values = { s: 's', i: 'i', A: 'A', a: 'a', c: 'c', x: 'x', ...says };
    expectObservable(turn(set.client, THREAD, 'hi', { grace: 5 }).pipe(map(shown))).toBe(expected, values, error);
    flush();
    return set.asked().slice(1) as unknown[];
  });
}

describe('TurnCheck', () => {
  it('asks nothing while the end may still come', () => {
    const thread = '  -s-i---c';
    const expected = '-s-i---(c|)';
    expect(check(() => refuse(-32600, 'not asked'), thread, expected)).toEqual([]);
  });

  it('asks an idle thread after the grace time, and tells the end as an event that is marked', () => {
    const thread = '  -s-i-----';
    const expected = '-s-i----(e|)';
    const read = (): unknown => ({ thread: aThread('idle', [aTurn('1', 'completed'), aTurn('2', 'interrupted')]) });
    expect(check(read, thread, expected, { e: 'interrupted' })).toEqual([light, full]);
  });

  it('tells a turn that failed as one', () => {
    const thread = '  -s-i-----';
    const expected = '-s-i----(e#)';
    const failed = aTurn('2', 'failed', { error: { message: 'no model' } });
    const read = (): unknown => ({ thread: aThread('idle', [failed]) });
    const asked = check(read, thread, expected, { e: 'failed' }, new TurnFailedError(THREAD, failed));
    expect(asked).toEqual([light, full]);
  });

  it('does not ask a thread that goes on, nor for the turns of one that is found active', () => {
    const thread = '  -s-i--A-----c';
    const expected = '-s-i--A-----(c|)';
    expect(check(() => refuse(-32600, 'not asked'), thread, expected)).toEqual([]);
    const later = '   -s-i---------c';
    const laterOut = '-s-i---------(c|)';
    expect(check(() => ({ thread: aThread('active') }), later, laterOut)).toEqual([light]);
  });

  it('asks again when the thread is idle again', () => {
    const thread = '  -s-i--A-i-----';
    const expected = '-s-i--A-i----(e|)';
    const read = (): unknown => ({ thread: aThread('idle', [aTurn('2', 'completed')]) });
    expect(check(read, thread, expected, { e: 'completed' })).toEqual([light, full]);
  });

  it('knows of an ephemeral thread only that the turn is over, or that it failed', () => {
    const thread = '  -s-i-----';
    const read =
      (status: string): Read =>
      ({ includeTurns }) =>
        includeTurns === true
          ? refuse(-32600, 'ephemeral threads do not support includeTurns')
          : { thread: aThread(status) };
    const over = '    -s-i----(e|)';
    expect(check(read('idle'), thread, over, { e: 'unknown' })).toEqual([light, full]);
    const broken = '  -s-i----(e#)';
    const error = new TurnFailedError(THREAD, aTurn('2', 'failed'));
    expect(check(read('systemError'), thread, broken, { e: 'failed' }, error)).toEqual([light, full]);
  });

  it('asks again when codex was too busy, also for the turns', () => {
    const thread = '  -s-i----------';
    const expected = '-s-i---------(e|)';
    for (const busy of [1, 2]) {
      let count = 0;
      const read = (): unknown =>
        (count += 1) === busy
          ? refuse(-32001, 'Server overloaded; retry later.')
          : { thread: aThread('idle', [aTurn('2', 'completed')]) };
      expect(check(read, thread, expected, { e: 'completed' })).toHaveLength(busy + 2);
    }
  });

  it('that is refused ends the view: nobody knows the thread', () => {
    const thread = '  -s-i-----';
    const expected = '-s-i----#';
    const error = new RpcError(-32600, 'thread not loaded: th', undefined, { method: 'thread/read' });
    expect(check(() => refuse(-32600, 'thread not loaded: th'), thread, expected, {}, error)).toEqual([light]);
  });

  it('asks too when a turn is over by its answer and its end is not told', () => {
    run(({ cold, expectObservable }) => {
      const { client } = scriptedCodex({
        'turn/start': () => cold('-(2|)', { 2: { turn: aTurn('2', 'completed') } }),
        'thread/read': () => ({ thread: aThread('idle', [aTurn('2', 'completed')]) }),
      });
      const expected = '------(e|)';
      expectObservable(turn(client, THREAD, 'hi', { grace: 5 }).pipe(map(shown))).toBe(expected, { e: 'completed' });
    });
  });

  it('leaves nothing scheduled behind', () => {
    run(({ cold, expectObservable, flush }) => {
      const set = scriptedCodex({ 'turn/start': () => ({ turn: aTurn('2') }) });
      const thread = '  -s-i-----';
      const expected = '-s-i--';
      const until = '   -----!';
      set.say(cold, thread);
      expectObservable(turn(set.client, THREAD, 'hi', { grace: 5 }).pipe(map(shown)), `^${until.trim().slice(1)}`).toBe(
        expected,
      );
      flush();
      expect(set.asked()).toHaveLength(1);
    });
  });
});
