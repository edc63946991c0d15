import { inspect } from 'node:util';

import fc from 'fast-check';
import { Gap } from '../../src/backpressure/gap.js';
import { lagged } from '../../src/backpressure/index.js';
import { Place, PlaceList } from '../../src/backpressure/place-list.js';

/** A capital is lossless and takes `bytes` of the budget, if given; what is no capital may be dropped. */
function placeOf(event: string, bytes?: number): Place<string> {
  const place = new Place(event);
  place.isLossless = /^[A-Z]/.test(event);
  place.bytes = bytes;
  return place;
}

function listOf(events: string): PlaceList<string> {
  const list = new PlaceList<string>();
  for (const event of events) list.link(placeOf(event));
  return list;
}

function gapOf(skipped: number): Gap {
  const gap = new Gap();
  gap.merge(lagged(skipped));
  return gap;
}

const eventsOf = (list: PlaceList<string>): string[] => list.places().map(({ event }) => event);

const steps = fc.array(
  fc.oneof(
    { weight: 4, arbitrary: fc.record({ do: fc.constant('droppable' as const) }) },
    {
      weight: 3,
      arbitrary: fc.record({ do: fc.constant('lossless' as const), bytes: fc.option(fc.nat(9), { nil: undefined }) }),
    },
    { weight: 3, arbitrary: fc.record({ do: fc.constant('unlink first' as const) }) },
    { weight: 3, arbitrary: fc.record({ do: fc.constant('unlink oldest droppable' as const) }) },
    { weight: 2, arbitrary: fc.record({ do: fc.constant('move to the end' as const) }) },
    { weight: 1, arbitrary: fc.record({ do: fc.constant('forget' as const) }) },
  ),
  { size: 'max', maxLength: 80 },
);

describe('PlaceList', () => {
  it('is an array that knows its oldest droppable event and what is used of the budget (E3)', () => {
    fc.assert(
      fc.property(steps, (doings) => {
        const list = new PlaceList<string>();
        let model: Place<string>[] = [];
        const link = (place: Place<string>): void => {
          list.link(place);
          model.push(place);
        };
        const unlink = (place: Place<string> | undefined): void => {
          if (place === undefined) return;
          list.unlink(place);
          model = model.filter((other) => other !== place);
        };
        doings.forEach((step, n) => {
          const oldest = model.find(({ isLossless }) => !isLossless);
          switch (step.do) {
            case 'droppable':
              link(placeOf(`event ${n}`));
              break;
            case 'lossless':
              link(placeOf(`LOSSLESS ${n}`, step.bytes));
              break;
            case 'unlink first':
              unlink(model[0]);
              break;
            case 'unlink oldest droppable':
              unlink(oldest);
              break;
            case 'move to the end':
              unlink(oldest);
              if (oldest !== undefined) link(oldest);
              break;
            case 'forget':
              list.forget();
              model = [];
          }
          const charged = model.flatMap(({ bytes }) => bytes ?? []);
          const losslesses = model.filter(({ isLossless }) => isLossless).length;
          expect(eventsOf(list)).toEqual(model.map(({ event }) => event));
          expect(list.first).toBe(model[0]);
          expect(list.oldestDroppable).toBe(model.find(({ isLossless }) => !isLossless));
          expect({ ...list, size: list.size, isEmpty: list.isEmpty }).toMatchObject({
            size: model.length,
            isEmpty: model.length === 0,
            droppables: model.length - losslesses,
            losslesses,
            budgetUsed: charged.length,
            bytesUsed: charged.reduce((sum, bytes) => sum + bytes, 0),
          });
        });
      }),
    );
  });

  describe('gaps (E2)', () => {
    it('have no place: one at the tail makes the list neither longer nor empty', () => {
      const list = listOf('');
      list.tailGap = gapOf(2);
      expect(list).toMatchObject({ size: 0, isEmpty: false });
      expect(list.places()).toEqual([]);
    });

    it('hang on the event that comes in behind them, and are then no longer at the tail', () => {
      const list = listOf('a');
      const gap = gapOf(2);
      list.tailGap = gap;
      list.link(placeOf('Z'));
      list.link(placeOf('b'));
      expect(list.places().map((place) => place.gap)).toEqual([undefined, gap, undefined]);
      expect(list.places()[1]?.gap).toBe(gap);
      expect(list.tailGap).toBeUndefined();
    });

    it('stay with a place that is taken out, for the caller to hang elsewhere', () => {
      const list = listOf('');
      list.tailGap = gapOf(2);
      list.link(placeOf('a'));
      list.link(placeOf('b'));
      const { first } = list as { first: Place<string> };
      list.unlink(first);
      expect(first.gap?.toLagged()).toEqual(lagged(2));
      expect(list.first?.gap).toBeUndefined();
    });

    it('that hung on a place do not come back with it when it is used again', () => {
      const list = listOf('');
      list.tailGap = gapOf(2);
      const place = placeOf('a');
      list.link(place);
      list.unlink(place);
      list.link(place);
      expect(place.gap).toBeUndefined();
    });

    it('are forgotten with all else', () => {
      const list = listOf('ab');
      list.tailGap = gapOf(2);
      list.forget();
      expect(list).toMatchObject({ size: 0, isEmpty: true });
    });
  });

  it('leaves the places it lists to be linked again, in the order they stood in', () => {
    const list = listOf('aZbY');
    const places = list.places();
    list.forget();
    for (const place of places) if (place.event !== 'Z') list.link(place);
    expect(eventsOf(list)).toEqual(['a', 'b', 'Y']);
    expect(list).toMatchObject({ droppables: 2, losslesses: 1 });
  });

  it('lets go of what was taken out', () => {
    const list = listOf('abZcY');
    const held = (): string[] => [...new Set(inspect(list, { depth: Infinity }).match(/(?<=event: ')\w/g))].sort();
    expect(held()).toEqual([...'YZabc']);
    list.unlink(list.oldestDroppable!);
    list.unlink(list.oldestDroppable!);
    expect(held()).toEqual([...'YZc']);
    list.unlink(list.first!);
    list.unlink(list.first!);
    list.unlink(list.first!);
    expect(held()).toEqual([]);
  });
});
