import { isLagged, LagBuffer, lagged } from '../../src/backpressure/index.js';
import type { Lagged, LagBufferOptions } from '../../src/backpressure/index.js';

// Lower-case letters are droppable, capitals lossless; a digit n in a picture is a gap of n.
const isCapital = (event: string): boolean => /^[A-Z]/.test(event);

function bufferOf(events: string, options: LagBufferOptions<string> = {}): LagBuffer<string> {
  const buffer = new LagBuffer<string>({ lossless: isCapital, ...options });
  for (const event of events) buffer.offer(/\d/.test(event) ? lagged(Number(event)) : event);
  return buffer;
}

function draw(values: readonly (string | Lagged)[]): string {
  return values.map((value) => (isLagged(value) ? String(value.skipped) : value)).join('');
}

function drain(buffer: LagBuffer<string>): (string | Lagged)[] {
  const taken: (string | Lagged)[] = [];
  while (!buffer.isEmpty) taken.push(buffer.take() as string | Lagged);
  return taken;
}

const picture = (buffer: LagBuffer<string>): string => draw(drain(buffer));

describe('LagBuffer', () => {
  describe('when there is room', () => {
    it('keeps order across both lanes', () => {
      expect(picture(bufferOf('aZbYXc'))).toBe('aZbYXc');
    });

    it('answers "held"', () => {
      const buffer = new LagBuffer<string>({ lossless: isCapital });
      expect([buffer.offer('a'), buffer.offer('Z'), buffer.offer(lagged(2))]).toEqual(['held', 'held', 'held']);
    });

    it('counts what waits', () => {
      const buffer = bufferOf('abZ');
      buffer.append('c');
      expect(buffer).toMatchObject({ size: 4, droppable: 2, lossless: 2, isEmpty: false, peak: 4, skipped: 0 });
      drain(buffer);
      expect(buffer).toMatchObject({ size: 0, droppable: 0, lossless: 0, isEmpty: true, peak: 4 });
    });

    it('remembers the most that ever waited', () => {
      const buffer = bufferOf('abZ');
      drain(buffer);
      buffer.offer('c');
      expect(buffer.peak).toBe(3);
    });

    it('gives nothing when empty', () => {
      const buffer = new LagBuffer<string>({});
      expect(buffer.peek()).toBeUndefined();
      expect(buffer.take()).toBeUndefined();
      expect(buffer.isEmpty).toBe(true);
    });

    it('holds undefined as an event like any other', () => {
      const buffer = new LagBuffer<undefined>({});
      buffer.offer(undefined);
      expect(buffer).toMatchObject({ isEmpty: false, size: 1 });
      expect(buffer.take()).toBeUndefined();
      expect(buffer.isEmpty).toBe(true);
    });

    it('grows past its first ring and wraps around', () => {
      const buffer = new LagBuffer<number>({ capacity: Infinity });
      const taken: unknown[] = [];
      for (let n = 0; n < 100; n += 1) {
        buffer.offer(n);
        if (n % 3 === 0) taken.push(buffer.take());
      }
      while (!buffer.isEmpty) taken.push(buffer.take());
      expect(taken).toEqual(Array.from({ length: 100 }, (_, n) => n));
    });
  });

  describe('limits', () => {
    it.each([
      [undefined, 128],
      [NaN, 1],
      [0, 1],
      [-5, 1],
      [2.9, 2],
      [Infinity, Infinity],
    ])('capacity %p becomes %p', (given, expected) => {
      const buffer = new LagBuffer<string>(given === undefined ? {} : { capacity: given });
      expect(buffer.capacity).toBe(expected);
      expect(buffer.losslessCapacity).toBe(16 * expected);
    });

    it('losslessCapacity is at least 1', () => {
      expect(new LagBuffer<string>({ losslessCapacity: 0 }).losslessCapacity).toBe(1);
    });
  });

  describe('overflow (E3)', () => {
    it('drops the oldest unless told otherwise', () => {
      expect(picture(bufferOf('abcde', { capacity: 2 }))).toBe('3de');
    });

    it('drop-oldest puts the gap where the event stood, behind what stood before it', () => {
      expect(picture(bufferOf('abZcde', { capacity: 2 }))).toBe('2Z1de');
    });

    it('drop-oldest merges what it drops with the gaps it meets', () => {
      expect(picture(bufferOf('a2b3cd', { capacity: 1 }))).toBe('8d');
    });

    it('drop-oldest leaves the gap before the next lossless event', () => {
      expect(picture(bufferOf('ZaYbXcd', { capacity: 1 }))).toBe('Z1Y1X1d');
    });

    it('drop-oldest finds its place after lossless events were taken', () => {
      const buffer = bufferOf('ZYaXb', { capacity: 2 });
      expect([buffer.take(), buffer.take()]).toEqual(['Z', 'Y']);
      buffer.offer('c');
      expect(picture(buffer)).toBe('1Xbc');
    });

    it('drop-newest refuses the incoming event and tells it behind the others', () => {
      const buffer = bufferOf('ab', { capacity: 2, overflow: 'drop-newest' });
      expect(buffer.offer('c')).toBe('dropped');
      expect(buffer.offer('Z')).toBe('held');
      expect(buffer.offer('d')).toBe('dropped');
      expect(picture(buffer)).toBe('ab1Z1');
    });

    it('drop-all gives up every droppable event, each where it stood', () => {
      const buffer = bufferOf('abZc', { capacity: 3, overflow: 'drop-all' });
      expect(buffer.offer('d')).toBe('lagged');
      expect(picture(buffer)).toBe('2Z1d');
    });

    it('error changes nothing', () => {
      const buffer = bufferOf('ab', { capacity: 2, overflow: 'error' });
      expect(buffer.offer('c')).toBe('full');
      expect(buffer.skipped).toBe(0);
      expect(picture(buffer)).toBe('ab');
    });

    it('tells onDrop of each event once, when all is settled', () => {
      const told: string[] = [];
      const buffer = new LagBuffer<string>({
        capacity: 2,
        overflow: 'drop-all',
        onDrop: (event, reason): void => void told.push(`${event} ${reason} ${buffer.size}`),
      });
      for (const event of 'abc') buffer.offer(event);
      expect(told).toEqual(['a overflow 1', 'b overflow 1']);
    });

    it('dropAll gives up what may be dropped and leaves the rest', () => {
      const told: string[] = [];
      const buffer = bufferOf('aZbc', { onDrop: (event) => told.push(event) });
      buffer.dropAll();
      expect(told).toEqual(['a', 'b', 'c']);
      expect(buffer.skipped).toBe(3);
      expect(picture(buffer)).toBe('1Z2');
    });
  });

  describe('gaps (E2)', () => {
    it('take no room', () => {
      expect(picture(bufferOf('1a2b', { capacity: 2 }))).toBe('1a2b');
    });

    it('are told whole, and alone when nothing follows', () => {
      const buffer = bufferOf('123');
      expect(buffer).toMatchObject({ size: 0, isEmpty: false });
      expect(buffer.take()).toEqual({ type: 'lagged', skipped: 6 });
      expect(buffer.isEmpty).toBe(true);
    });

    it('of nothing are not told', () => {
      const buffer = bufferOf('a0b');
      buffer.offer({ type: 'lagged', skipped: -2 });
      expect(picture(buffer)).toBe('ab');
    });

    it('show under peek without being taken', () => {
      const buffer = bufferOf('2a3');
      const seen = [];
      while (!buffer.isEmpty) seen.push(buffer.peek(), buffer.take());
      expect(seen).toEqual([lagged(2), lagged(2), 'a', 'a', lagged(3), lagged(3)]);
    });

    it('grow by what the caller skips', () => {
      const told: string[] = [];
      const buffer = bufferOf('a', { onDrop: (event, reason) => told.push(`${event} ${reason}`) });
      buffer.skip('Z');
      expect(buffer.skipped).toBe(1);
      expect(told).toEqual(['Z overflow']);
      expect(picture(buffer)).toBe('a1');
    });

    it('that came in are not counted as skipped here', () => {
      const buffer = bufferOf('a3bc', { capacity: 1 });
      expect(buffer.skipped).toBe(2);
      expect(picture(buffer)).toBe('5c');
    });
  });

  describe('markers (E6)', () => {
    it('are exactly a type and a count', () => {
      expect(bufferOf('abc', { capacity: 1 }).take()).toStrictEqual({ type: 'lagged', skipped: 2 });
    });

    it('count by key when asked', () => {
      const buffer = bufferOf('abac', { capacity: 1, skippedBy: (event) => event });
      expect(buffer.take()).toStrictEqual({ type: 'lagged', skipped: 3, skippedBy: { a: 2, b: 1 } });
    });

    it('add up the keys of markers that come in', () => {
      const buffer = new LagBuffer<string>({ capacity: 1, overflow: 'drop-newest', skippedBy: (event) => event });
      buffer.offer('x');
      buffer.offer('a');
      buffer.offer({ type: 'lagged', skipped: 5, skippedBy: { a: 2, b: 3 } });
      buffer.take();
      expect(buffer.take()).toStrictEqual({ type: 'lagged', skipped: 6, skippedBy: { a: 3, b: 3 } });
    });

    it('keep the keys of an earlier stage, and of two gaps that meet', () => {
      const buffer = new LagBuffer<string>({ capacity: 1 });
      buffer.offer({ type: 'lagged', skipped: 2, skippedBy: { a: 2 } });
      buffer.offer('x');
      buffer.offer({ type: 'lagged', skipped: 3, skippedBy: { b: 3 } });
      buffer.offer('y');
      expect(buffer.take()).toStrictEqual({ type: 'lagged', skipped: 6, skippedBy: { a: 2, b: 3 } });
    });

    it('take a key named __proto__ as a key', () => {
      const buffer = bufferOf('ab', { capacity: 1, skippedBy: () => '__proto__' });
      expect(Object.entries((buffer.take() as Lagged).skippedBy ?? {})).toEqual([['__proto__', 1]]);
    });

    it('name the first and last number lost when all are known', () => {
      const buffer = new LagBuffer<number>({ capacity: 1, seqOf: (event) => event });
      for (const event of [7, 8, 9, 10]) buffer.offer(event);
      expect(buffer.take()).toStrictEqual({ type: 'lagged', skipped: 3, first: 7, last: 9 });
    });

    it('merge the numbers of markers that carry them', () => {
      const buffer = new LagBuffer<number>({ overflow: 'drop-newest', capacity: 1, seqOf: (event) => event });
      buffer.offer(1);
      buffer.offer(5);
      buffer.offer({ type: 'lagged', skipped: 2, first: 2, last: 4 });
      buffer.take();
      expect(buffer.take()).toStrictEqual({ type: 'lagged', skipped: 3, first: 2, last: 5 });
    });

    it('pass numbers through a buffer that knows none', () => {
      const buffer = new LagBuffer<string>({});
      buffer.offer({ type: 'lagged', skipped: 2, first: 2, last: 3 });
      buffer.offer({ type: 'lagged', skipped: 1, first: 9, last: 9 });
      expect(buffer.take()).toStrictEqual({ type: 'lagged', skipped: 3, first: 2, last: 9 });
    });

    it.each(['marker first', 'marker last'])('say nothing of numbers when one is unknown: %s', (order) => {
      const buffer = new LagBuffer<number>({ capacity: 1, overflow: 'drop-newest', seqOf: (event) => event });
      buffer.offer(1);
      if (order === 'marker first') buffer.offer(lagged(1));
      buffer.offer(5);
      if (order === 'marker last') buffer.offer(lagged(1));
      buffer.take();
      expect(buffer.take()).toStrictEqual({ type: 'lagged', skipped: 2 });
    });
  });

  describe('lossless events (E3)', () => {
    it('have a budget of their own', () => {
      const buffer = bufferOf('aZbYc', { capacity: 1, losslessCapacity: 2 });
      expect(buffer.offer('X')).toBe('full');
      expect(buffer.skipped).toBe(2);
      expect(picture(buffer)).toBe('1Z1Yc');
    });

    it('free their budget when taken', () => {
      const buffer = bufferOf('Z', { losslessCapacity: 1 });
      expect(buffer.offer('Y')).toBe('full');
      buffer.take();
      expect(buffer.offer('Y')).toBe('held');
    });

    it('have a budget in bytes', () => {
      const buffer = bufferOf('', { losslessBytes: 5, bytesOf: (event) => event.length });
      expect(['Zzz', 'Yyy', 'Xx', 'W'].map((event) => buffer.offer(event))).toEqual(['held', 'full', 'held', 'full']);
      buffer.take();
      expect(buffer.offer('Www')).toBe('held');
    });

    it('are measured by their strings by default', () => {
      const buffer = bufferOf('', { losslessBytes: 3 });
      expect([buffer.offer('Zzz'), buffer.offer('Y')]).toEqual(['held', 'full']);
    });

    it('are not measured where bytes have no limit', () => {
      const bytesOf = jest.fn(() => 1);
      const buffer = bufferOf('ZY', { bytesOf });
      expect(buffer.size).toBe(2);
      expect(bytesOf).not.toHaveBeenCalled();
    });

    it('that are appended are outside of both budgets', () => {
      const buffer = bufferOf('aZ', { capacity: 1, losslessCapacity: 1, losslessBytes: 1 });
      buffer.append('req');
      buffer.offer('b');
      expect(buffer).toMatchObject({ size: 3, lossless: 2, droppable: 1 });
      expect(buffer.offer('Y')).toBe('full');
      expect([buffer.take(), buffer.take()]).toEqual([lagged(1), 'Z']);
      expect(buffer.offer('Y')).toBe('held');
      expect(buffer.take()).toBe('req');
      expect(buffer.offer('X')).toBe('full');
      expect(picture(buffer)).toBe('bY');
    });
  });

  describe('conflation', () => {
    const byFirst = { key: (event: string): string => event.charAt(0) };
    const offered = (options: LagBufferOptions<string>, ...events: (string | Lagged)[]): LagBuffer<string> => {
      const buffer = new LagBuffer<string>({ lossless: isCapital, ...options });
      events.forEach((event) => buffer.offer(event));
      return buffer;
    };

    it('keeps the turn of the first and the value of the last', () => {
      const buffer = offered({ conflate: byFirst }, 'a1', 'b1', 'a2', 'a3');
      expect(buffer).toMatchObject({ size: 2, conflated: 2, skipped: 0 });
      expect(drain(buffer)).toEqual(['a3', 'b1']);
    });

    it('merges when told how', () => {
      const merge = (waiting: string, incoming: string): string => waiting + incoming.slice(1);
      expect(drain(offered({ conflate: { ...byFirst, merge } }, 'aH', 'ael', 'alo'))).toEqual(['aHello']);
    });

    it('answers "conflated"', () => {
      expect(offered({ conflate: byFirst }, 'a1').offer('a2')).toBe('conflated');
    });

    it('does not cross a lossless event', () => {
      expect(drain(offered({ conflate: byFirst }, 'a1', 'Z', 'a2', 'a3'))).toEqual(['a1', 'Z', 'a3']);
    });

    it('does not cross an appended event', () => {
      const buffer = offered({ conflate: byFirst }, 'a1');
      buffer.append('req');
      buffer.offer('a2');
      expect(drain(buffer)).toEqual(['a1', 'req', 'a2']);
    });

    it('does not cross a gap that came in behind the waiting event', () => {
      expect(draw(drain(offered({ conflate: byFirst }, 'a1', lagged(4), 'a2', 'a3')))).toBe('a14a3');
    });

    it('does not cross an event that was refused', () => {
      const buffer = offered({ capacity: 1, overflow: 'drop-newest', conflate: byFirst }, 'a1', 'b1');
      expect(buffer.offer('a2')).toBe('dropped');
      expect(drain(buffer)).toEqual(['a1', lagged(2)]);
    });

    it('goes on when older events are dropped before it', () => {
      const buffer = offered({ capacity: 2, conflate: byFirst }, 'a1', 'b1', 'c1', 'b2');
      expect(drain(buffer)).toEqual([lagged(1), 'b2', 'c1']);
    });

    it('does not fold into an event that was taken or dropped', () => {
      const buffer = offered({ capacity: 1, conflate: byFirst }, 'a1', 'b1');
      expect(buffer.offer('a2')).toBe('lagged');
      expect([buffer.take(), buffer.take()]).toEqual([lagged(2), 'a2']);
      expect(buffer.offer('a3')).toBe('held');
    });

    it('leaves events without a key alone', () => {
      const buffer = offered({ conflate: { key: () => undefined } }, 'a', 'a');
      expect(buffer).toMatchObject({ size: 2, conflated: 0 });
    });

    it('starts a new place when the merged event would be too large', () => {
      const conflate = {
        ...byFirst,
        merge: (waiting: string, incoming: string): string => waiting + incoming.slice(1),
        maxBytes: 4,
      };
      const buffer = offered({ conflate }, 'a12', 'a3', 'a4', 'a5');
      expect(buffer).toMatchObject({ size: 2, conflated: 2 });
      expect(drain(buffer)).toEqual(['a123', 'a45']);
    });

    it('has a limit that may depend on the event', () => {
      const conflate = {
        ...byFirst,
        merge: (waiting: string, incoming: string): string => waiting + incoming.slice(1),
        maxBytes: (incoming: string): number => (incoming.startsWith('a') ? 3 : 5),
      };
      const buffer = offered({ conflate }, 'a1', 'b1', 'a2', 'b2', 'a3', 'b3');
      expect(drain(buffer)).toEqual(['a12', 'b123', 'a3']);
    });

    it('goes on in the new place when the full one before it is taken', () => {
      const conflate = {
        ...byFirst,
        merge: (waiting: string, incoming: string): string => waiting + incoming.slice(1),
        maxBytes: 3,
      };
      const buffer = offered({ conflate }, 'a12', 'a3');
      expect(buffer.take()).toBe('a12');
      buffer.offer('a4');
      expect(drain(buffer)).toEqual(['a34']);
    });

    it('measures nothing without a limit, and nothing where nothing is merged', () => {
      const bytesOf = jest.fn(() => 10);
      const merge = (waiting: string, incoming: string): string => waiting + incoming;
      expect(drain(offered({ conflate: { ...byFirst, merge, bytesOf } }, 'a1', 'a2'))).toEqual(['a1a2']);
      expect(drain(offered({ conflate: { ...byFirst, maxBytes: 1, bytesOf } }, 'a1', 'a2'))).toEqual(['a2']);
      expect(bytesOf).not.toHaveBeenCalled();
    });

    it('takes an ordinary place then, which may overflow', () => {
      const conflate = { ...byFirst, merge: (waiting: string, incoming: string): string => waiting + incoming };
      const buffer = offered({ capacity: 1, conflate: { ...conflate, maxBytes: 9, bytesOf: () => 10 } }, 'a1', 'a2');
      expect(drain(buffer)).toEqual([lagged(1), 'a2']);
    });

    it('does not tell onDrop', () => {
      const onDrop = jest.fn();
      offered({ conflate: byFirst, onDrop }, 'a1', 'a2');
      expect(onDrop).not.toHaveBeenCalled();
    });
  });

  describe('claim (E4)', () => {
    const isVowel = (event: string): boolean => /[aeiou]/i.test(event);

    it('takes out what matches, in order, and leaves the rest', () => {
      const buffer = bufferOf('abEcUd');
      expect(draw(buffer.claim(isVowel))).toBe('aEU');
      expect(buffer).toMatchObject({ size: 3, droppable: 3, lossless: 0 });
      expect(picture(buffer)).toBe('bcd');
    });

    it('tells every gap, merged where neighbours touch, and leaves them for the next', () => {
      const buffer = bufferOf('1a2b3Z4e5');
      expect(draw(buffer.claim(isVowel))).toBe('1a9e5');
      expect(draw(buffer.claim((event) => event === 'b'))).toBe('3b12');
      expect(picture(buffer)).toBe('6Z9');
    });

    it('tells the gaps alone when nothing matches', () => {
      const buffer = bufferOf('1b2');
      expect(draw(buffer.claim(isVowel))).toBe('3');
      expect(picture(buffer)).toBe('1b2');
    });

    it('frees the budget of what it takes, and only that', () => {
      const buffer = bufferOf('EZ', { losslessCapacity: 2 });
      buffer.append('O');
      buffer.claim(isVowel);
      expect([buffer.offer('Y'), buffer.offer('X')]).toEqual(['held', 'full']);
      expect(picture(buffer)).toBe('ZY');
    });

    it('leaves a buffer that drops and folds as before', () => {
      const buffer = bufferOf('xaZyb', { capacity: 4, conflate: { key: (event) => event } });
      buffer.claim(isVowel);
      for (const event of 'ycd') buffer.offer(event);
      expect(picture(buffer)).toBe('1Z1bycd');
    });

    it('leaves a buffer whose gaps find their places', () => {
      const buffer = bufferOf('ZaYbX', { capacity: 1 });
      expect(draw(buffer.claim((event) => 'ZY'.includes(event)))).toBe('Z1Y');
      buffer.offer('c');
      expect(picture(buffer)).toBe('2Xc');
    });

    it('changes nothing if the question throws', () => {
      const buffer = bufferOf('1aZb2');
      const matches = (event: string): boolean => {
        if (event === 'b') throw new Error('no');
        return true;
      };
      expect(() => buffer.claim(matches)).toThrow('no');
      expect(picture(buffer)).toBe('1aZb2');
    });
  });

  describe('clear', () => {
    it('shows every event in order and forgets all', () => {
      const buffer = bufferOf('1aZbc', { capacity: 2, losslessCapacity: 1 });
      const seen: string[] = [];
      buffer.clear((event) => seen.push(event));
      expect(seen).toEqual(['Z', 'b', 'c']);
      expect(buffer).toMatchObject({ size: 0, isEmpty: true, skipped: 1, peak: 3 });
      expect(buffer.offer('Y')).toBe('held');
      expect(picture(buffer)).toBe('Y');
    });

    it('needs no visitor', () => {
      const buffer = bufferOf('ab', { conflate: { key: (event) => event } });
      buffer.clear();
      expect(buffer.offer('a')).toBe('held');
    });
  });

  describe('a question that throws', () => {
    const fail = (): never => {
      throw new Error('no');
    };

    it.each<[string, string, LagBufferOptions<string>]>([
      ['lossless', 'a', { lossless: (event) => event === 'c' && fail() }],
      ['key', 'a', { conflate: { key: (event) => (event === 'c' ? fail() : event) } }],
      ['merge', 'a', { conflate: { key: () => 1, merge: fail } }],
      ['bytesOf of a merge', 'a', { conflate: { key: () => 1, merge: (w) => w, maxBytes: 3, bytesOf: fail } }],
      ['bytesOf', 'a', { lossless: (event) => event === 'c', losslessBytes: 5, bytesOf: fail }],
      ['skippedBy', 'a', { capacity: 1, skippedBy: fail }],
      ['seqOf', 'a', { capacity: 1, seqOf: fail }],
      ['skippedBy of drop-newest', 'a', { capacity: 1, overflow: 'drop-newest', skippedBy: fail }],
    ])('leaves the buffer as it was: %s', (_, held, options) => {
      const buffer = bufferOf(held, options);
      expect(() => buffer.offer('c')).toThrow('no');
      expect(buffer).toMatchObject({ size: 1, skipped: 0, conflated: 0 });
      expect(picture(buffer)).toBe(held);
    });

    it('has the account settled if it is onDrop', () => {
      const buffer = bufferOf('ab', { capacity: 2, onDrop: fail });
      expect(() => buffer.offer('c')).toThrow('no');
      expect(buffer.skipped).toBe(1);
      expect(picture(buffer)).toBe('1bc');
    });
  });

  describe('gives up a folded event (E2)', () => {
    const folding = { key: () => 'k', merge: (a: string, b: string) => a + b };

    it('with all it was made of: each of them is skipped and none is conflated', () => {
      const told: string[] = [];
      const buffer = new LagBuffer<string>({
        capacity: 1,
        conflate: { ...folding, key: (e) => e.charAt(0) },
        onDrop: (e) => told.push(e),
      });
      for (const event of ['a1', 'a2', 'a3', 'b1']) buffer.offer(event);
      expect([buffer.take(), buffer.take()]).toEqual([{ type: 'lagged', skipped: 3 }, 'b1']);
      expect([buffer.skipped, buffer.conflated, told]).toEqual([3, 0, ['a1a2a3']]);
    });

    it('with the numbers of the first and the last of them, and under their key', () => {
      const buffer = new LagBuffer<{ readonly key: string; readonly seq: number }>({
        capacity: 1,
        conflate: { key: ({ key }) => key, merge: (_, incoming) => incoming },
        seqOf: ({ seq }) => seq,
        skippedBy: ({ key }) => key,
      });
      for (const [seq, key] of ['a', 'a', 'a', 'b'].entries()) buffer.offer({ key, seq });
      expect(buffer.take()).toEqual({ type: 'lagged', skipped: 3, skippedBy: { a: 3 }, first: 0, last: 2 });
    });
  });
});
