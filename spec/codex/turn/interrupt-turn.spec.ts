import { interruptTurn } from '../../../src/codex/turn/interrupt-turn.js';
import type { Client } from '../../../src/client/index.js';
import type { TurnContract } from '../../../src/codex/index.js';
import { RpcError } from '../../../src/protocol/index.js';
import { run } from '../../../src/testing/index.js';
import { scriptedCodex, THREAD } from '../scripted-codex.js';

/** Interrupts a turn of which codex says `thread`, and which it refuses to interrupt so many times. */
function interrupt(refusals: number, thread: string, expected: string): number {
  return run(({ cold, expectObservable, flush }) => {
    let asked = 0;
    const set = scriptedCodex({
      'turn/interrupt': () => {
        asked += 1;
        if (asked <= refusals) throw new RpcError(-32600, 'no active turn to interrupt');
        return cold('-(r|)', { r: {} });
      },
    });
    set.client.events$.subscribe();
    set.say(cold, thread);
    expectObservable(interruptTurn(set.client as unknown as Client<TurnContract>, THREAD, '2')).toBe(expected);
    flush();
    return asked;
  });
}

describe('interruptTurn', () => {
  it('asks once', () => {
    const thread = '  ----s-c';
    const expected = '-|';
    expect(interrupt(0, thread, expected)).toBe(1);
  });

  it('that was refused asks again when the turn has begun, and heeds no other turn', () => {
    const thread = '  --1-A-s-o-c';
    const expected = '-------|';
    expect(interrupt(1, thread, expected)).toBe(2);
  });

  it('that was refused twice has come too late', () => {
    const thread = '  ----s---c';
    const expected = '----|';
    expect(interrupt(2, thread, expected)).toBe(2);
  });

  it('ends with its connection', () => {
    run(({ cold, expectObservable }) => {
      const set = scriptedCodex({
        'turn/interrupt': () => {
          throw new RpcError(-32600, 'no active turn to interrupt');
        },
      });
      const cut = '     ---x';
      const expected = '---|';
      cold(cut).subscribe(() => set.server.wire.end({ reason: 'cut', orderly: false }));
      expectObservable(interruptTurn(set.client as unknown as Client<TurnContract>, THREAD, '2')).toBe(expected);
    });
  });
});
