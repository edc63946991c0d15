import fc from 'fast-check';
import { type SchedulerAction, type SchedulerLike, Subscription, VirtualTimeScheduler, asyncScheduler } from 'rxjs';
import { TestScheduler } from 'rxjs/testing';

import { type Deadline, Deadlines } from '../../src/scheduling/index.js';

/** Virtual time that counts the actions which are scheduled and neither run nor cancelled. */
class CountingScheduler implements SchedulerLike {
  readonly virtual = new VirtualTimeScheduler();
  readonly delays: number[] = [];
  live = 0;

  now(): number {
    return this.virtual.now();
  }

  schedule<T>(work: (this: SchedulerAction<T>, state?: T) => void, delay = 0): Subscription {
    this.delays.push(delay);
    this.live += 1;
    const settle = new Subscription(() => (this.live -= 1));
    const action = this.virtual.schedule(function (this: SchedulerAction<T>) {
      settle.unsubscribe();
      work.call(this);
    }, delay);
    action.add(settle);
    return action;
  }

  /** Runs until a moment of virtual time, included. */
  runTo(moment: number): void {
    this.virtual.schedule(() => undefined, moment - this.now());
    this.virtual.maxFrames = moment;
    this.virtual.flush();
  }
}

const setUp = (): {
  scheduler: CountingScheduler;
  deadlines: Deadlines;
  expired: string[];
  add: (name: string, delay: number, then?: () => void) => Deadline;
} => {
  const scheduler = new CountingScheduler();
  const deadlines = new Deadlines(scheduler);
  const expired: string[] = [];
  const add = (name: string, delay: number, then?: () => void): Deadline => {
    const deadline = {
      due: 0,
      place: -1,
      expire: () => {
        expired.push(`${name}@${scheduler.now()}`);
        then?.();
      },
    };
    deadlines.add(deadline, delay);
    return deadline;
  };
  return { scheduler, deadlines, expired, add };
};

describe('Deadlines', () => {
  it('calls each deadline once when its time has come, the earliest first', () => {
    const { scheduler, deadlines, expired, add } = setUp();
    add('c', 30);
    add('a', 10);
    add('b', 20);
    scheduler.runTo(1_000);
    expect([expired, deadlines.size]).toEqual([['a@10', 'b@20', 'c@30'], 0]);
  });

  it('does not call one that was deleted in time', () => {
    const { scheduler, deadlines, expired, add } = setUp();
    const a = add('a', 10);
    add('b', 20);
    deadlines.delete(a);
    scheduler.runTo(100);
    expect(expired).toEqual(['b@20']);
  });

  it('lets those of the same time expire in the order they came', () => {
    const time = new VirtualTimeScheduler();
    const deadlines = new Deadlines(time);
    const expired: number[] = [];
    for (let n = 0; n < 9; n += 1) deadlines.add({ due: 0, place: -1, expire: () => expired.push(n) }, 10);
    time.flush();
    expect(expired).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8]);
  });

  it('keeps the order when the one that takes the place of a deleted one is due before its new neighbours', () => {
    const { scheduler, deadlines, expired, add } = setUp();
    const [, , , gone] = [1, 4, 2, 6, 5, 7, 3].map((delay) => add('x', delay));
    deadlines.delete(gone!);
    scheduler.runTo(100);
    expect([expired.map(at), gone?.place]).toEqual([[1, 2, 3, 4, 5, 7], -1]);
  });

  it('does nothing for a deadline that is not among them: never added, deleted, expired, or of others', () => {
    const { scheduler, deadlines, expired, add } = setUp();
    const other = setUp();
    add('a', 10);
    const foreign = other.add('x', 10);
    const expiredOne = add('b', 5);
    scheduler.runTo(5);
    for (const deadline of [foreign, expiredOne, { due: 0, place: -1, expire: () => undefined }]) {
      deadlines.delete(deadline);
    }
    expect([deadlines.size, other.deadlines.size]).toEqual([1, 1]);
    scheduler.runTo(10);
    expect(expired).toEqual(['b@5', 'a@10']);
  });

  it('can be given a deadline again after it expired', () => {
    const { scheduler, deadlines, expired, add } = setUp();
    const a = add('a', 10);
    scheduler.runTo(10);
    deadlines.add(a, 10);
    scheduler.runTo(20);
    expect(expired).toEqual(['a@10', 'a@20']);
  });

  it('calls none after clear, and can be used again', () => {
    const { scheduler, deadlines, expired, add } = setUp();
    const a = add('a', 10);
    add('b', 20);
    deadlines.clear();
    expect([deadlines.size, scheduler.live, a.place]).toEqual([0, 0, -1]);
    add('c', 30);
    scheduler.runTo(100);
    expect(expired).toEqual(['c@30']);
  });

  it('runs on the virtual time of a TestScheduler', () => {
    const scheduler = new TestScheduler((actual, expected) => {
      expect(actual).toEqual(expected);
    });
    scheduler.run(({ flush }) => {
      const deadlines = new Deadlines(scheduler);
      const expire = jest.fn(() => scheduler.now());
      deadlines.add({ due: 0, place: -1, expire }, 600_000);
      flush();
      expect(expire).toHaveReturnedWith(600_000);
    });
  });

  describe('C9: one scheduled action', () => {
    it('serves all deadlines', () => {
      const { scheduler, add } = setUp();
      for (let n = 0; n < 1_000; n += 1) add(`${n}`, 1 + ((n * 7_919) % 1_000));
      expect(scheduler.live).toBe(1);
      scheduler.runTo(500);
      expect(scheduler.live).toBe(1);
    });

    it('is scheduled once for deadlines that come in the order of their times', () => {
      const { scheduler, add } = setUp();
      for (let n = 0; n < 1_000; n += 1) add(`${n}`, 10 + n);
      expect(scheduler.delays).toEqual([10]);
    });

    it('is scheduled once for deadlines of the same time', () => {
      const { scheduler, add } = setUp();
      for (let n = 0; n < 1_000; n += 1) add(`${n}`, 10);
      expect(scheduler.delays).toEqual([10]);
    });

    it('is scheduled once more for what one that expires adds', () => {
      const { scheduler, add } = setUp();
      add('a', 10, () => add('a1', 5));
      scheduler.runTo(10);
      expect(scheduler.delays).toEqual([10, 5]);
    });

    it('is not there when there is nothing to wait for', () => {
      const { scheduler, deadlines, add } = setUp();
      expect(scheduler.live).toBe(0);
      const pair = [add('a', 10), add('b', 20)];
      for (const deadline of pair) deadlines.delete(deadline);
      expect(scheduler.live).toBe(0);
      add('c', 10);
      scheduler.runTo(10);
      expect(scheduler.live).toBe(0);
    });
  });

  describe('while one expires', () => {
    it('takes new ones, due before and after those that stand', () => {
      const { scheduler, expired, add } = setUp();
      add('a', 10, () => {
        add('a1', 5);
        add('a2', 30);
        add('a3', 0);
      });
      add('b', 20);
      scheduler.runTo(100);
      expect(expired).toEqual(['a@10', 'a3@10', 'a1@15', 'b@20', 'a2@40']);
    });

    it('lets it delete others that are due at the same moment', () => {
      const { scheduler, deadlines, expired, add } = setUp();
      add('a', 10, () => deadlines.delete(b));
      const b = add('b', 10);
      scheduler.runTo(100);
      expect([expired, scheduler.live]).toEqual([['a@10'], 0]);
    });

    it('lets it clear all', () => {
      const { scheduler, deadlines, expired, add } = setUp();
      add('a', 10, () => deadlines.clear());
      add('b', 10);
      add('c', 20);
      scheduler.runTo(100);
      expect([expired, deadlines.size, scheduler.live]).toEqual([['a@10'], 0, 0]);
    });

    it('goes on with the others when it throws', () => {
      // A virtual scheduler forgets all actions when one throws; a real one does not.
      jest.useFakeTimers({ now: 0 });
      try {
        const deadlines = new Deadlines(asyncScheduler);
        const expired: string[] = [];
        for (const name of ['a', 'b', 'c']) {
          const expire = (): void => {
            expired.push(`${name}@${Date.now()}`);
            if (name === 'a') throw new Error('planned');
          };
          deadlines.add({ due: 0, place: -1, expire }, name === 'c' ? 20 : 10);
        }
        expect(() => jest.advanceTimersByTime(15)).toThrow('planned');
        jest.advanceTimersByTime(100);
        // No timer of the platform takes less than a millisecond.
        expect(expired).toEqual(['a@10', 'b@11', 'c@20']);
      } finally {
        jest.useRealTimers();
      }
    });
  });

  describe('with unusual delays', () => {
    it('waits in steps for more than a timer can hold, instead of spinning', () => {
      const { scheduler, expired, add } = setUp();
      const month = 30 * 24 * 3_600_000;
      add('a', month);
      expect(scheduler.delays).toEqual([2 ** 31 - 1]);
      scheduler.runTo(month);
      expect([expired, scheduler.delays.length]).toEqual([[`a@${month}`], 2]);
    });

    it('schedules nothing for one that is never due', () => {
      const { scheduler, deadlines, expired, add } = setUp();
      add('never', Infinity);
      add('a', 10);
      scheduler.runTo(100);
      expect([expired, scheduler.delays, deadlines.size]).toEqual([['a@10'], [10], 1]);
    });

    it.each([0, -5, NaN])('expires one of %d at the next chance, never inside add', (delay) => {
      const { scheduler, expired, add } = setUp();
      add('b', 10);
      add('a', delay);
      expect(expired).toEqual([]);
      scheduler.runTo(100);
      expect(expired).toEqual(['a@0', 'b@10']);
    });
  });

  it('expires exactly what is due, on time, with at most one action, in any sequence of calls', () => {
    const step = fc.oneof(
      { weight: 5, arbitrary: fc.nat({ max: 50 }).map((delay) => ({ call: 'add' as const, delay })) },
      { weight: 3, arbitrary: fc.nat().map((pick) => ({ call: 'delete' as const, pick })) },
      { weight: 2, arbitrary: fc.nat({ max: 20 }).map((by) => ({ call: 'wait' as const, by })) },
    );
    fc.assert(
      fc.property(fc.array(step, { maxLength: 120 }), (steps) => {
        const { scheduler, deadlines, expired, add } = setUp();
        const all: { name: string; due: number; deadline: Deadline }[] = [];
        const open = new Set<string>();
        const expected: string[] = [];
        const runTo = (moment: number): void => {
          scheduler.runTo(moment);
          for (const { name, due } of [...all].sort((a, b) => a.due - b.due)) {
            if (due <= moment && open.delete(name)) expected.push(`${name}@${due}`);
          }
        };
        for (const given of steps) {
          if (given.call === 'add') {
            const name = `${all.length}`;
            open.add(name);
            all.push({ name, due: scheduler.now() + given.delay, deadline: add(name, given.delay) });
          } else if (given.call === 'wait') {
            runTo(scheduler.now() + given.by);
          } else if (all.length > 0) {
            const { name, deadline } = all[given.pick % all.length]!;
            deadlines.delete(deadline);
            open.delete(name);
          }
          expect(deadlines.size).toBe(open.size);
          expect(scheduler.live).toBeLessThanOrEqual(1);
        }
        runTo(scheduler.now() + 100);
        // Deadlines of one moment may expire in any order.
        const byMoment = (list: string[]): string[] => [...list].sort((a, b) => at(a) - at(b) || (a < b ? -1 : 1));
        expect(expired.map(at)).toEqual([...expired.map(at)].sort((a, b) => a - b));
        expect(byMoment(expired)).toEqual(byMoment(expected));
        expect(scheduler.live).toBe(0);
      }),
    );
  });
});

function at(entry: string): number {
  return Number(entry.split('@')[1]);
}
