import { asyncScheduler } from 'rxjs';

import { FaultLane } from '../../src/testing/fault-lane.js';
import { FaultScore } from '../../src/testing/fault-score.js';
import { run } from '../../src/testing/index.js';

function laneOf(marbles: string): { readonly lane: FaultLane<string>; readonly told: string[] } {
  const told: string[] = [];
  const say = (what: string) => (): void => {
    told.push(`${asyncScheduler.now()} ${what}`);
  };
  return {
    told,
    lane: new FaultLane<string>(new FaultScore(marbles, undefined, ''), '!', 3, asyncScheduler, {
      deliver: (message) => say(message)(),
      halfOpen: say('half-open'),
      cut: (orderly) => say(orderly ? 'end' : 'cut')(),
      went: say('went'),
    }),
  };
}

describe('FaultLane', () => {
  it('does with each message what its marble says', () => {
    run(() => {
      const { lane, told } = laneOf('-dgh#|');
      for (const message of 'abcdefg') lane.take(message);
      expect(told).toEqual(['0 a', '0 b', '0 b', '0 !', '0 c', '0 half-open', '0 cut', '0 end', '0 g']);
    });
  });

  it('keeps the order over a stall, and says when it goes on', () => {
    run(({ flush }) => {
      const { lane, told } = laneOf('-s-s');
      for (const message of 'abcd') lane.take(message);
      expect([told, lane.isStalling]).toEqual([['0 a'], true]);
      flush();
      expect(told).toEqual(['0 a', '3 b', '3 c', '6 d', '6 went']);
    });
  });

  it('waits while it is held, and in a hurry for nothing', () => {
    run(() => {
      const { lane, told } = laneOf('--s');
      lane.isHeld = true;
      for (const message of 'abc') lane.take(message);
      expect(told).toEqual([]);
      lane.hurry();
      expect(told).toEqual(['0 a', '0 b', '0 c']);
      lane.isHeld = true;
      lane.take('d');
      lane.clear();
      lane.hurry();
      expect(told).toHaveLength(3);
    });
  });
});
