import * as fc from 'fast-check';

import { type CodexContract, turn, type TurnEvent } from '../../../src/codex/index.js';
import { run } from '../../../src/testing/index.js';
import { watch } from '../../rules/support.js';
import { aThread, aTurn, letterOf, scriptedCodex, THREAD, word } from '../scripted-codex.js';

/** What a turn may say before its end: its own, in this order, `w`s and `A`s of the thread anywhere between. */
const own = fc.array(fc.constantFrom('o', 'a', 'b', 'w', 'A'), { maxLength: 12 });
const strangers = fc.array(fc.constantFrom('1', '9'), { maxLength: 6 });
const end = fc.constantFrom('c', 'x', 'f', 'lost');

/** Puts what is in `others` at random places among `line`, which stays in order. */
function interleave(line: readonly string[], others: readonly string[], places: readonly number[]): string[] {
  const mixed = [...line];
  others.forEach((other, index) => mixed.splice((places[index] ?? 0) % (mixed.length + 1), 0, other));
  return mixed;
}

/** Text that waited for the answer was folded into one event. */
function lettersOf(event: TurnEvent<CodexContract>): readonly string[] {
  const isText = event.type === 'notification' && event.method === 'item/agentMessage/delta';
  return isText && event.params.turnId === '2' ? [...event.params.delta] : [letterOf(event)];
}

describe('a turn, whatever comes when', () => {
  it('ends exactly once, with each of its events in order and none of another turn', () => {
    fc.assert(
      fc.property(
        own,
        strangers,
        end,
        fc.array(fc.nat(), { minLength: 7, maxLength: 7 }),
        (body, others, how, places) => {
          run(({ flush, cold }) => {
            const script = ['s', ...body, ...(how === 'lost' ? ['i'] : [how])];
            // `?` is the answer to turn/start: before, amid or after all that is said of the turn.
            const line = interleave(interleave(script, others, places), ['?'], places.slice(6));
            const { client, server } = scriptedCodex({
              'turn/start': () => cold('-'.repeat(line.indexOf('?') + 1) + '(2|)', { 2: { turn: aTurn('2') } }),
              'thread/read': () => ({ thread: aThread('idle', [aTurn('2', 'completed')]) }),
            });
            const seen = watch(turn(client, THREAD, 'hi', { grace: 50 }));
            line.forEach((letter, index) => {
              if (letter !== '?') cold('-'.repeat(index + 1) + 'x').subscribe(() => server.wire.receive(word(letter)));
            });
            flush();
            const letters = seen.values.flatMap(lettersOf);
            // What `thread/read` says reads like the event that never came.
            const ofTheTurn = how === 'lost' ? [...script, 'c'] : script;
            expect(letters).toEqual(ofTheTurn);
            expect([seen.end, seen.ends]).toEqual([how === 'f' ? 'error' : 'complete', 1]);
            expect(client.stats().requests).toMatchObject({ inFlight: 0, waiting: 0 });
          });
        },
      ),
    );
  });
});
