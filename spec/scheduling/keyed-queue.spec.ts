import fc from 'fast-check';

import { KeyedQueue, type KeyedTask } from '../../src/scheduling/index.js';

interface Options {
  readonly key?: string;
  readonly shared?: boolean;
  /** Runs inside `start`. */
  readonly work?: (task: KeyedTask) => void;
}

const setUp = (): {
  queue: KeyedQueue;
  /** Names in the order of their start. */
  started: string[];
  enqueue: (name: string, options?: Options) => KeyedTask;
} => {
  const queue = new KeyedQueue();
  const started: string[] = [];
  const enqueue = (name: string, { key = 'k', shared = false, work }: Options = {}): KeyedTask => {
    const task: KeyedTask = {
      key,
      shared,
      queue: undefined,
      previous: undefined,
      next: undefined,
      start: () => {
        started.push(name);
        work?.(task);
      },
    };
    queue.enqueue(task);
    return task;
  };
  return { queue, started, enqueue };
};

const shared = true;

describe('KeyedQueue', () => {
  describe('C5: tasks of one key', () => {
    it('run one at a time, first in first out', () => {
      const { queue, started, enqueue } = setUp();
      const tasks = ['a', 'b', 'c'].map((name) => enqueue(name));
      expect(started).toEqual(['a']);
      queue.release(tasks[0]!);
      expect(started).toEqual(['a', 'b']);
      queue.release(tasks[1]!);
      expect(started).toEqual(['a', 'b', 'c']);
    });

    it('do not wait for tasks of other keys', () => {
      const { queue, started, enqueue } = setUp();
      enqueue('x1', { key: 'x' });
      enqueue('x2', { key: 'x' });
      enqueue('y1', { key: 'y' });
      expect([started, queue.size]).toEqual([['x1', 'y1'], 2]);
    });

    it('take keys as they are, also those that objects have by nature', () => {
      const { started, enqueue } = setUp();
      for (const key of ['__proto__', 'constructor', '']) enqueue(key, { key });
      expect(started).toEqual(['__proto__', 'constructor', '']);
    });
  });

  describe('C5: shared tasks of one key', () => {
    it('run together', () => {
      const { started, enqueue } = setUp();
      for (const name of ['r1', 'r2', 'r3']) enqueue(name, { shared });
      expect(started).toEqual(['r1', 'r2', 'r3']);
    });

    it('are joined by another at once, also after one of them is over', () => {
      const { queue, started, enqueue } = setUp();
      const first = enqueue('r1', { shared });
      enqueue('r2', { shared });
      queue.release(first);
      enqueue('r3', { shared });
      expect(started).toEqual(['r1', 'r2', 'r3']);
    });

    it('hold back an exclusive one until the last of them is over', () => {
      const { queue, started, enqueue } = setUp();
      const readers = ['r1', 'r2'].map((name) => enqueue(name, { shared }));
      enqueue('w');
      queue.release(readers[1]!);
      expect(started).toEqual(['r1', 'r2']);
      queue.release(readers[0]!);
      expect(started).toEqual(['r1', 'r2', 'w']);
    });

    it('never overtake an exclusive one that waits', () => {
      const { queue, started, enqueue } = setUp();
      const r1 = enqueue('r1', { shared });
      const w = enqueue('w');
      enqueue('r2', { shared });
      enqueue('r3', { shared });
      expect(started).toEqual(['r1']);
      queue.release(r1);
      expect(started).toEqual(['r1', 'w']);
      queue.release(w);
      expect(started).toEqual(['r1', 'w', 'r2', 'r3']);
    });

    it('start together up to the next exclusive one', () => {
      const { queue, started, enqueue } = setUp();
      const w1 = enqueue('w1');
      enqueue('r1', { shared });
      enqueue('r2', { shared });
      enqueue('w2');
      enqueue('r3', { shared });
      queue.release(w1);
      expect(started).toEqual(['w1', 'r1', 'r2']);
    });
  });

  describe('C6: withdraw', () => {
    it('takes a waiting task out, so that it never starts', () => {
      const { queue, started, enqueue } = setUp();
      const a = enqueue('a');
      const b = enqueue('b');
      enqueue('c');
      expect(queue.withdraw(b)).toBe(true);
      queue.release(a);
      expect(started).toEqual(['a', 'c']);
    });

    it('of a waiting exclusive task lets the shared ones behind it start at once', () => {
      const { queue, started, enqueue } = setUp();
      enqueue('r1', { shared });
      const w = enqueue('w');
      enqueue('r2', { shared });
      enqueue('r3', { shared });
      expect([queue.withdraw(w), started]).toEqual([true, ['r1', 'r2', 'r3']]);
    });

    it('of a waiting task does not start those behind a running exclusive one', () => {
      const { queue, started, enqueue } = setUp();
      enqueue('w1');
      const w2 = enqueue('w2');
      enqueue('r', { shared });
      expect([queue.withdraw(w2), started]).toEqual([true, ['w1']]);
    });

    it('says no to a task that has started, is over, was withdrawn, or was never here', () => {
      const { queue, enqueue } = setUp();
      const running = enqueue('a');
      const waiting = enqueue('b');
      expect([queue.withdraw(running), queue.withdraw(waiting), queue.withdraw(waiting)]).toEqual([false, true, false]);
      queue.release(running);
      expect([queue.withdraw(running), queue.size]).toEqual([false, 0]);
    });

    it('can take out the next one while its predecessor starts', () => {
      const { queue, started, enqueue } = setUp();
      const a = enqueue('a');
      enqueue('r1', { shared, work: () => queue.withdraw(r2) });
      const r2 = enqueue('r2', { shared });
      enqueue('r3', { shared });
      queue.release(a);
      expect(started).toEqual(['a', 'r1', 'r3']);
    });
  });

  describe('a task that is over inside its own start', () => {
    const work = (queue: KeyedQueue) => (task: KeyedTask) => {
      queue.release(task);
    };

    it('leaves its key free', () => {
      const { queue, started, enqueue } = setUp();
      enqueue('a', { work: work(queue) });
      expect([queue.size, queue.isBusy('k', false)]).toEqual([0, false]);
      enqueue('b', { work: work(queue) });
      expect(started).toEqual(['a', 'b']);
    });

    it('does not grow the stack with 100,000 behind it', () => {
      const { queue, started, enqueue } = setUp();
      const first = enqueue('first');
      for (let n = 0; n < 100_000; n += 1) enqueue(`${n}`, { work: work(queue) });
      queue.release(first);
      expect([started.length, started.at(-1), queue.size]).toEqual([100_001, '99999', 0]);
    });

    it('does not grow the stack when each enqueues the next', () => {
      const { queue, started, enqueue } = setUp();
      const chain = (left: number) => (task: KeyedTask) => {
        queue.release(task);
        if (left > 0) enqueue(`${left}`, { work: chain(left - 1) });
      };
      const first = enqueue('first');
      enqueue('second', { work: chain(20_000) });
      queue.release(first);
      expect([started.length, queue.size]).toEqual([20_002, 0]);
    });

    it('lets one that it enqueues itself start after those that wait', () => {
      const { queue, started, enqueue } = setUp();
      const first = enqueue('first');
      enqueue('a', {
        work: (task) => {
          enqueue('c');
          queue.release(task);
        },
      });
      enqueue('b', { work: work(queue) });
      queue.release(first);
      expect(started).toEqual(['first', 'a', 'b', 'c']);
    });

    it('lets a shared one that it enqueues wait behind an exclusive one', () => {
      const { queue, started, enqueue } = setUp();
      const first = enqueue('first');
      enqueue('r1', { shared, work: () => enqueue('r2', { shared }) });
      const w = enqueue('w');
      queue.release(first);
      expect([started, queue.withdraw(w), started]).toEqual([['first', 'r1', 'r2'], true, ['first', 'r1', 'r2']]);
    });
  });

  it('counts a task whose start threw as started: its key is free when it is released', () => {
    const { queue, started, enqueue } = setUp();
    const a = enqueue('a');
    const b = enqueue('b', {
      work: () => {
        throw new Error('planned');
      },
    });
    enqueue('c');
    expect(() => queue.release(a)).toThrow('planned');
    expect([started, queue.isBusy('k', true)]).toEqual([['a', 'b'], true]);
    queue.release(b);
    expect(started).toEqual(['a', 'b', 'c']);
  });

  it('tells whether a task would have to wait', () => {
    const { queue, enqueue } = setUp();
    const busy = (): boolean[] => [queue.isBusy('k', false), queue.isBusy('k', shared), queue.isBusy('other', false)];
    expect(busy()).toEqual([false, false, false]);
    const r = enqueue('r', { shared });
    expect(busy()).toEqual([true, false, false]);
    const w = enqueue('w');
    expect(busy()).toEqual([true, true, false]);
    queue.release(r);
    expect(busy()).toEqual([true, true, false]);
    queue.release(w);
    expect(busy()).toEqual([false, false, false]);
  });

  it('keeps nothing of a key without tasks', () => {
    const { queue, enqueue } = setUp();
    const tasks = Array.from({ length: 1_000 }, (_, n) => enqueue(`${n}`, { key: `${n % 10}` }));
    expect(queue.size).toBe(10);
    for (const task of tasks) queue.release(task);
    expect(queue.size).toBe(0);
    queue.release(tasks[0]!);
    expect(queue.size).toBe(0);
  });

  it('keeps its rules in any sequence of calls', () => {
    const step = fc.oneof(
      {
        weight: 5,
        arbitrary: fc.record({
          call: fc.constant('enqueue' as const),
          key: fc.constantFrom('x', 'y'),
          shared: fc.boolean(),
          instant: fc.boolean(),
        }),
      },
      { weight: 4, arbitrary: fc.record({ call: fc.constant('release' as const), pick: fc.nat() }) },
      { weight: 2, arbitrary: fc.record({ call: fc.constant('withdraw' as const), pick: fc.nat() }) },
    );
    fc.assert(
      fc.property(fc.array(step, { maxLength: 150 }), (steps) => {
        const { queue, started, enqueue } = setUp();
        const all: { name: string; key: string; shared: boolean; task: KeyedTask }[] = [];
        const running = new Set<string>();
        let waiting: string[] = [];
        const find = (name: string): (typeof all)[number] => all[Number(name)]!;
        const order: string[] = [];

        /** A task starts: it must be allowed to, and none of its key that came earlier may still wait. */
        const onStart = (name: string, instant: boolean) => (task: KeyedTask) => {
          const beside = [...running].map(find).filter(({ key }) => key === task.key);
          expect(beside.every((other) => other.shared && task.shared)).toBe(true);
          expect(waiting.filter((other) => find(other).key === task.key && Number(other) < Number(name))).toEqual([]);
          waiting = waiting.filter((other) => other !== name);
          order.push(name);
          running.add(name);
          if (!instant) return;
          running.delete(name);
          queue.release(task);
        };

        for (const given of steps) {
          if (given.call === 'enqueue') {
            const name = `${all.length}`;
            const { key, shared: isShared, instant } = given;
            const entry = { name, key, shared: isShared, task: undefined as unknown as KeyedTask };
            all.push(entry);
            waiting.push(name);
            entry.task = enqueue(name, { key, shared: isShared, work: onStart(name, instant) });
          } else if (given.call === 'release' && running.size > 0) {
            const name = [...running][given.pick % running.size]!;
            running.delete(name);
            queue.release(find(name).task);
          } else if (given.call === 'withdraw' && all.length > 0) {
            const { name, task } = all[given.pick % all.length]!;
            const couldWait = waiting.includes(name);
            // Gone before the call: those behind it may start within.
            waiting = waiting.filter((other) => other !== name);
            expect(queue.withdraw(task)).toBe(couldWait);
          }
          // Nothing waits without a reason: the first in line of each key is held back by one that runs.
          for (const key of ['x', 'y']) {
            const first = waiting.map(find).find((entry) => entry.key === key);
            const beside = [...running].map(find).filter((entry) => entry.key === key);
            if (first !== undefined) expect(beside.some((other) => !other.shared || !first.shared)).toBe(true);
          }
        }
        while (running.size > 0) {
          const [name] = running;
          running.delete(name!);
          queue.release(find(name!).task);
        }
        expect([waiting, started, queue.size]).toEqual([[], order, 0]);
      }),
    );
  });
});
