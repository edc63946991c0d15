import fc from 'fast-check';

import { type Linked, LinkedQueue } from '../../src/scheduling/index.js';

interface Element extends Linked {
  readonly name: number;
}

const make = (name: number): Element => ({ name, queue: undefined, previous: undefined, next: undefined });

const drain = (queue: LinkedQueue<Element>): number[] => {
  const names: number[] = [];
  for (let element = queue.shift(); element !== undefined; element = queue.shift()) names.push(element.name);
  return names;
};

const fill = (count: number): { queue: LinkedQueue<Element>; elements: Element[] } => {
  const queue = new LinkedQueue<Element>();
  const elements = Array.from({ length: count }, (_, name) => make(name));
  for (const element of elements) queue.push(element);
  return { queue, elements };
};

describe('LinkedQueue', () => {
  it('is empty at first', () => {
    const { queue } = fill(0);
    expect([queue.size, queue.peek(), queue.shift()]).toEqual([0, undefined, undefined]);
  });

  it('gives back what came first', () => {
    const { queue } = fill(3);
    expect([queue.size, queue.peek()?.name]).toEqual([3, 0]);
    expect(drain(queue)).toEqual([0, 1, 2]);
  });

  it.each([
    ['first', 0, [1, 2]],
    ['middle', 1, [0, 2]],
    ['last', 2, [0, 1]],
  ])('closes up when the %s element leaves', (_place, index, rest) => {
    const { queue, elements } = fill(3);
    expect([queue.delete(elements[index]!), queue.size]).toEqual([true, 2]);
    queue.push(make(9));
    expect(drain(queue)).toEqual([...rest, 9]);
  });

  it('can be used again after its only element left', () => {
    const { queue, elements } = fill(1);
    queue.delete(elements[0]!);
    queue.push(elements[0]!);
    expect(drain(queue)).toEqual([0]);
  });

  it('does not take out what is not in it: never there, gone already, or in another queue', () => {
    const { queue, elements } = fill(2);
    const other = fill(1);
    queue.shift();
    expect([queue.delete(make(7)), queue.delete(elements[0]!), queue.delete(other.elements[0]!)]).toEqual([
      false,
      false,
      false,
    ]);
    expect([queue.size, other.queue.size]).toEqual([1, 1]);
  });

  it('cuts the links of what leaves, so that it holds no neighbour in memory', () => {
    const { queue, elements } = fill(3);
    queue.delete(elements[1]!);
    expect(elements[1]).toEqual(make(1));
  });

  it('does what an array does, in any sequence of calls', () => {
    const step = fc.oneof(
      { weight: 4, arbitrary: fc.constant({ call: 'push' as const }) },
      { weight: 2, arbitrary: fc.constant({ call: 'shift' as const }) },
      { weight: 3, arbitrary: fc.nat().map((pick) => ({ call: 'delete' as const, pick })) },
    );
    fc.assert(
      fc.property(fc.array(step, { maxLength: 200 }), (steps) => {
        const queue = new LinkedQueue<Element>();
        const all: Element[] = [];
        let model: Element[] = [];
        for (const given of steps) {
          if (given.call === 'push') {
            const element = make(all.length);
            for (const list of [all, model]) list.push(element);
            queue.push(element);
          } else if (given.call === 'shift') {
            expect(queue.shift()).toBe(model.shift());
          } else if (all.length > 0) {
            const element = all[given.pick % all.length]!;
            expect(queue.delete(element)).toBe(model.includes(element));
            model = model.filter((other) => other !== element);
          }
          expect(queue.size).toBe(model.length);
          expect(queue.peek()).toBe(model[0]);
        }
        expect(drain(queue)).toEqual(model.map((element) => element.name));
      }),
    );
  });
});
