import { Trampoline } from '../../src/scheduling/index.js';

describe('Trampoline', () => {
  it('handles a value before push returns', () => {
    const seen: number[] = [];
    const trampoline = new Trampoline<number>((n) => seen.push(n));
    trampoline.push(1);
    expect(seen).toEqual([1]);
  });

  it('E5: handles what is pushed from inside only after the value at hand, in order', () => {
    const seen: string[] = [];
    const trampoline = new Trampoline<string>((name) => {
      seen.push(`${name} begins`);
      if (name === 'a') for (const next of ['b', 'c']) trampoline.push(next);
      if (name === 'b') trampoline.push('d');
      seen.push(`${name} ends`);
    });
    trampoline.push('a');
    expect(seen).toEqual(['a', 'b', 'c', 'd'].flatMap((name) => [`${name} begins`, `${name} ends`]));
  });

  it('E5: has finished everything before the outermost push returns', () => {
    let left = 100_000;
    const trampoline = new Trampoline<undefined>((value) => {
      left -= 1;
      if (left > 0) trampoline.push(value);
    });
    trampoline.push(undefined);
    expect(left).toBe(0);
  });

  it('E5: keeps the stack flat however often a handler causes the next value', () => {
    const depths = new Set<number>();
    const trampoline = new Trampoline<number>((n) => {
      depths.add(new Error().stack!.split('\n').length);
      if (n > 0) trampoline.push(n - 1);
    });
    trampoline.push(50);
    expect(depths.size).toBe(1);
  });

  it('says whether it is at work and how many values wait', () => {
    const seen: unknown[] = [];
    const trampoline = new Trampoline<number>((n) => {
      if (n === 1) for (const next of [2, 3]) trampoline.push(next);
      seen.push([n, trampoline.isRunning, trampoline.size]);
    });
    trampoline.push(1);
    expect([...seen, [trampoline.isRunning, trampoline.size]]).toEqual([
      [1, true, 2],
      [2, true, 1],
      [3, true, 0],
      [false, 0],
    ]);
  });

  it('forgets what waits when it is cleared', () => {
    const seen: number[] = [];
    const trampoline = new Trampoline<number>((n) => {
      seen.push(n);
      trampoline.push(n + 1);
      if (n === 2) trampoline.clear();
    });
    trampoline.push(1);
    expect(seen).toEqual([1, 2]);
  });

  describe('when a handler throws', () => {
    const make = (): { seen: number[]; trampoline: Trampoline<number> } => {
      const seen: number[] = [];
      const trampoline = new Trampoline<number>((n) => {
        seen.push(n);
        if (n !== 1) return;
        trampoline.push(2);
        throw new Error('planned');
      });
      return { seen, trampoline };
    };

    it('passes the error to whoever pushed, and is free again', () => {
      const { seen, trampoline } = make();
      expect(() => trampoline.push(1)).toThrow('planned');
      expect([seen, trampoline.isRunning, trampoline.size]).toEqual([[1], false, 1]);
    });

    it('handles what is left over before the next value', () => {
      const { seen, trampoline } = make();
      expect(() => trampoline.push(1)).toThrow('planned');
      trampoline.push(3);
      expect(seen).toEqual([1, 2, 3]);
    });
  });
});
