import { concat, map, of, throwError, timer } from 'rxjs';
import { LagError } from '../../src/backpressure/index.js';
import { run } from '../../src/testing/run.js';

/** The message that a spec with these two values in frame 0 fails with, or undefined if they are the same. */
function messageOf(actual: unknown, expected: unknown): string | undefined {
  try {
    run(({ expectObservable }) => expectObservable(of(actual)).toBe('(x|)', { x: expected }));
  } catch (error) {
    return (error as Error).message;
  }
  return undefined;
}

describe('run', () => {
  it('runs in virtual time and returns what the spec returns', () => {
    const result = run(({ expectObservable }) => {
      expectObservable(timer(1_000).pipe(map(() => 'a'))).toBe('1s (a|)');
      return 'result';
    });
    expect(result).toBe('result');
  });

  it('gives each spec a scheduler of its own', () => {
    let first: unknown;
    run((helpers) => (first = helpers.hot));
    run((helpers) => expect(helpers.hot).not.toBe(first));
  });

  it.each<[string, unknown, unknown]>([
    ['numbers', 1, 1],
    ['NaN', NaN, NaN],
    ['objects in any order', { a: 1, b: [2] }, { b: [2], a: 1 }],
    ['dates', new Date(5), new Date(5)],
    ['maps and sets', new Map([[1, new Set(['a'])]]), new Map([[1, new Set(['a'])]])],
    ['errors by name, message and members', new LagError(1, 2), new LagError(1, 2)],
    ['errors with a cause', new Error('a', { cause: { b: 1 } }), new Error('a', { cause: { b: 1 } })],
  ])('takes %s for the same', (_, actual, expected) => {
    expect(messageOf(actual, expected)).toBeUndefined();
  });

  it.each<[unknown, unknown]>([
    [1, 2],
    [0, -0],
    [1, '1'],
    [null, {}],
    [{}, null],
    [{}, undefined],
    [{ a: 1 }, { a: 1, b: 2 }],
    [{ a: 1 }, { b: 1 }],
    [{ a: undefined }, {}],
    [{ a: undefined }, { b: undefined }],
    [{ a: { b: 1 } }, { a: { b: 2 } }],
    [[1], { 0: 1 }],
    [[1, 2], [1]],
    [new Date(5), new Date(6)],
    [new Map([[1, 2]]), new Map([[1, 3]])],
    [new Set([1]), new Set([2])],
    [new Error('a'), new Error('b')],
    [new Error('a'), new TypeError('a')],
    [new Error('a', { cause: 1 }), new Error('a', { cause: 2 })],
    [new LagError(1, 2), new LagError(2, 2)],
  ])('tells %p from %p', (actual, expected) => {
    expect(messageOf(actual, expected)).toMatch(/^marbles differ\n/);
  });

  it('lists the frames, expected ones with - and actual ones with +', () => {
    const spec = (): void => run(({ cold, expectObservable }) => expectObservable(cold('ab-c(de)|')).toBe('a-b-(de)|'));
    expect(spec).toThrow(
      [
        'marbles differ',
        '  0 next "a"',
        '- 2 next "b"',
        '+ 1 next "b"',
        '+ 3 next "c"',
        '  4 next "d"',
        '  4 next "e"',
        '  8 complete',
      ].join('\n'),
    );
  });

  it('lists errors and subscriptions', () => {
    expect(() =>
      run(({ expectObservable }) => expectObservable(throwError(() => new LagError(1, 2))).toBe('|')),
    ).toThrow('- 0 complete\n+ 0 error LagError("the buffer');
    expect(() =>
      run(({ cold, expectObservable, expectSubscriptions }) => {
        const source = cold('--|');
        expectObservable(concat(source)).toBe('--|');
        expectSubscriptions(source.subscriptions).toBe('^-');
      }),
    ).toThrow('- subscribed 0 to Infinity\n+ subscribed 0 to 2');
  });

  it.each<[unknown, string]>([
    [{ a: [1, 'b', null], c: undefined }, '{a: [1, "b", null], c: undefined}'],
    [-0, '-0'],
    [3n, '3'],
    [Symbol('s'), 'Symbol(s)'],
    [function named() {}, 'function named'],
    [new Date(5), 'Date 5'],
    [new Map([['a', new Set([1])]]), 'Map [["a", Set [1]]]'],
    [new TypeError('bad'), 'TypeError("bad")'],
    [new LagError(1, 2), 'skipped: 1, capacity: 2'],
  ])('shows %p', (actual, shown) => {
    expect(messageOf(actual, 'other')).toContain(shown);
  });

  it('shows an object that contains itself', () => {
    const loop: Record<string, unknown> = { twice: 1 };
    loop['me'] = loop;
    expect(messageOf(loop, 'other')).toContain('{twice: 1, me: (circular)}');
  });

  it('compares the frames of an inner observable', () => {
    const spec = (expected: string): void =>
      run(({ cold, expectObservable }) => {
        const inner = cold('-a|');
        expectObservable(of(inner)).toBe('(x|)', { x: cold(expected) });
      });
    expect(() => spec('-a|')).not.toThrow();
    expect(() => spec('-b|')).toThrow('marbles differ');
  });
});
