import { ThreadOrder } from '../../../src/app-server/store/thread-order.js';
import { summaryOf } from './thread-samples.js';

const at = (id: string, updatedAt: number): ReturnType<typeof summaryOf> => summaryOf(id, { updatedAt });
const idsOf = (order: ThreadOrder, ...behind: Parameters<ThreadOrder['newestFirst']>): string =>
  Array.from(order.newestFirst(...behind), ({ id }) => id).join('');

describe('ThreadOrder', () => {
  const filled = (): ThreadOrder => {
    const order = new ThreadOrder('updatedAt');
    for (const summary of [at('b', 2), at('d', 3), at('a', 1), at('c', 2)]) order.add(summary);
    return order;
  };

  it('has the newest first, and equal times by id, whatever the order they came in', () => {
    expect(idsOf(filled())).toBe('dcba');
    expect(idsOf(new ThreadOrder('createdAt'))).toBe('');
  });

  it('goes on behind a place, whether something stands there or not', () => {
    expect(idsOf(filled(), { time: 2, id: 'c' })).toBe('ba');
    expect(idsOf(filled(), { time: 2, id: 'bb' })).toBe('ba');
    expect(idsOf(filled(), { time: 9, id: '' })).toBe('dcba');
    expect(idsOf(filled(), { time: 1, id: 'a' })).toBe('');
  });

  it('moves what gets another time and replaces in place what does not', () => {
    const order = filled();
    order.replace(at('a', 1), at('a', 4));
    expect(idsOf(order)).toBe('adcb');
    order.replace(at('c', 2), { ...at('c', 2), name: 'new' });
    expect(idsOf(order)).toBe('adcb');
    expect([...order.newestFirst()].map(({ name }) => name)).toEqual([null, null, 'new', null]);
  });
});
