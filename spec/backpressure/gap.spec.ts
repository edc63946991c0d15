import fc from 'fast-check';
import { Gap, joinGaps, tellsLoss } from '../../src/backpressure/gap.js';
import type { Lagged } from '../../src/backpressure/index.js';

/** One lost event, or a loss told by another. */
type Loss = { readonly key: string | undefined; readonly seq: number | undefined } | Lagged;

function gapOf(...losses: readonly Loss[]): Gap {
  const gap = new Gap();
  for (const loss of losses) {
    if ('type' in loss) gap.merge(loss);
    else gap.add(loss.key, loss.seq);
  }
  return gap;
}

const lost = (seq?: number, key?: string): Loss => ({ key, seq });
const marker = (skipped: number, more: Partial<Lagged> = {}): Lagged => ({ type: 'lagged', skipped, ...more });

describe('Gap', () => {
  describe('numbers (E2)', () => {
    it.each<[string, Loss[], Lagged]>([
      ['one event', [lost(7)], marker(1, { first: 7, last: 7 })],
      ['events in any order', [lost(8), lost(3), lost(5)], marker(3, { first: 3, last: 8 })],
      ['number 0', [lost(0), lost(-1)], marker(2, { first: -1, last: 0 })],
      ['a marker that reaches further', [lost(5), marker(4, { first: 2, last: 9 })], marker(5, { first: 2, last: 9 })],
      ['a marker within', [lost(1), lost(9), marker(1, { first: 5, last: 5 })], marker(3, { first: 1, last: 9 })],
    ])('span %s', (_, losses, expected) => {
      expect(gapOf(...losses).toLagged()).toStrictEqual(expected);
    });

    it.each<[string, Loss]>([
      ['an event', lost()],
      ['a marker', marker(2)],
      ['a marker that lacks its last', marker(2, { first: 4 })],
      ['a marker that lacks its first', marker(2, { last: 4 })],
    ])('are not told once %s has none, whatever comes before and after', (_, unknown) => {
      const told = gapOf(lost(1), unknown, lost(9), marker(1, { first: 10, last: 10 })).toLagged();
      expect(told).toStrictEqual(marker('type' in unknown ? 5 : 4));
    });
  });

  it('has no numbers once an event had none, though those folded into it had (E2)', () => {
    const gap = new Gap();
    gap.add(undefined, undefined, 2, 5);
    expect(gap.toLagged()).toStrictEqual(marker(2));
  });

  describe('a part of unknown size (E2)', () => {
    it('makes the whole unknown, wherever it comes, and takes nothing from the count and the numbers', () => {
      const unknown = marker(0, { unknown: true, first: 4, last: 4 });
      const expected = marker(2, { unknown: true, first: 3, last: 5 });
      expect(gapOf(lost(3), unknown, lost(5)).toLagged()).toStrictEqual(expected);
      expect(gapOf(unknown, lost(3), lost(5)).toLagged()).toStrictEqual(expected);
      expect(gapOf(lost(3), lost(5), unknown).toLagged()).toStrictEqual(expected);
    });

    it('is told without numbers and without keys too', () => {
      expect(gapOf(lost(), marker(0, { unknown: true })).toLagged()).toStrictEqual(marker(1, { unknown: true }));
    });

    it('tells of a loss though its count is 0, as no other marker of 0 does', () => {
      expect([marker(0, { unknown: true }), marker(1), marker(0), marker(NaN)].map(tellsLoss)).toEqual([
        true,
        true,
        false,
        false,
      ]);
    });
  });

  describe('skippedBy (E6)', () => {
    it('sums over lost events and markers', () => {
      const told = gapOf(lost(1, 'a'), marker(5, { skippedBy: { a: 2, b: 3 } }), lost(2, 'b'), lost(3, 'c')).toLagged();
      expect(told).toStrictEqual(marker(8, { skippedBy: { a: 3, b: 4, c: 1 } }));
    });

    it('says nothing of losses without a key, which the total still counts', () => {
      expect(gapOf(marker(4), lost(), lost(undefined, 'a')).toLagged()).toStrictEqual(
        marker(6, { skippedBy: { a: 1 } }),
      );
    });

    it('stands beside the numbers', () => {
      const told = gapOf(lost(4, 'a'), lost(5, 'a')).toLagged();
      expect(told).toStrictEqual(marker(2, { skippedBy: { a: 2 }, first: 4, last: 5 }));
    });
  });

  it('grows on after it was told, and what was told does not', () => {
    const gap = gapOf(lost(1, 'a'));
    const told = gap.toLagged();
    gap.add('a', 2);
    expect(told).toStrictEqual(marker(1, { skippedBy: { a: 1 }, first: 1, last: 1 }));
    expect(gap.toLagged()).toStrictEqual(marker(2, { skippedBy: { a: 2 }, first: 1, last: 2 }));
  });
});

describe('joinGaps', () => {
  it('makes no other gap: of one it is that one, of two the first', () => {
    const [one, other] = [gapOf(lost()), gapOf(lost())];
    expect(joinGaps(undefined, other)).toBe(other);
    expect(joinGaps(one, other)).toBe(one);
    expect(one.toLagged()).toStrictEqual(marker(2));
  });

  it('tells of all losses the same, however they were spread over gaps (E2)', () => {
    const losses = fc.array(
      fc.record({
        key: fc.constantFrom('a', 'b', '__proto__', undefined),
        seq: fc.oneof({ weight: 5, arbitrary: fc.nat(20) }, { weight: 1, arbitrary: fc.constant(undefined) }),
      }),
      { minLength: 1, maxLength: 8 },
    );
    fc.assert(
      fc.property(fc.array(losses, { minLength: 1, maxLength: 5 }), fc.boolean(), (groups, fromTheRight) => {
        const gaps = groups.map((group) => gapOf(...group));
        const joined = fromTheRight
          ? gaps.reduceRight((all, gap) => joinGaps(gap, all))
          : gaps.reduce((all, gap) => joinGaps(all, gap));

        const all = groups.flat();
        const seqs = all.flatMap(({ seq }) => seq ?? []);
        const keys = all.flatMap(({ key }) => key ?? []);
        const counts = new Map<string, number>();
        for (const key of keys) counts.set(key, (counts.get(key) ?? 0) + 1);
        expect(joined.toLagged()).toStrictEqual(
          marker(all.length, {
            ...(keys.length > 0 ? { skippedBy: Object.fromEntries(counts) } : {}),
            ...(seqs.length === all.length ? { first: Math.min(...seqs), last: Math.max(...seqs) } : {}),
          }),
        );
      }),
    );
  });
});
