import { PendingRequests } from '../../src/correlation/index.js';
import type { RequestId } from '../../src/protocol/index.js';

interface Entry {
  id: RequestId;
}

const entry = (): Entry => ({ id: 'none yet' });

/** Registers a request and says under which id. */
const added = (pending: PendingRequests<Entry>, id?: RequestId): RequestId | false => {
  const request = entry();
  return pending.add(request, id) && request.id;
};

describe('PendingRequests', () => {
  describe('C2 ids', () => {
    it('count from 0 and are not used again after they are free', () => {
      const pending = new PendingRequests<Entry>();
      const first = entry();
      pending.add(first);
      pending.delete(first);
      expect([first.id, added(pending), added(pending)]).toEqual([0, 1, 2]);
    });

    it('find nobody once they are deleted, and a caller may use them again', () => {
      const pending = new PendingRequests<Entry>();
      const first = entry();
      pending.add(first, 7);
      pending.delete(first);
      expect([pending.get(7), pending.size, added(pending, 7)]).toEqual([undefined, 0, 7]);
    });

    it('of the counter pass over what a caller took, also several in a row', () => {
      const pending = new PendingRequests<Entry>();
      expect([1, 2, 4].map((id) => added(pending, id))).toEqual([1, 2, 4]);
      expect([added(pending), added(pending), added(pending)]).toEqual([0, 3, 5]);
    });

    it('1 and "1" are two', () => {
      const pending = new PendingRequests<Entry>();
      const text = entry();
      const number = entry();
      pending.add(text, '1');
      pending.add(number, 1);
      expect([pending.get('1'), pending.get(1), pending.size]).toEqual([text, number, 2]);
    });

    it('that are taken refuse the newcomer and leave it and the first untouched', () => {
      const pending = new PendingRequests<Entry>();
      const first = entry();
      const second = entry();
      pending.add(first, 7);
      expect(pending.add(second, 7)).toBe(false);
      expect(second.id).toBe('none yet');
      expect(pending.get(7)).toBe(first);
    });
  });

  describe('C6 a barred id', () => {
    it('finds nobody, and neither a caller nor the counter gets it', () => {
      const pending = new PendingRequests<Entry>();
      const request = entry();
      pending.add(request, 0);
      pending.bar(request);
      expect(pending.get(0)).toBe(undefined);
      expect(pending.size).toBe(0);
      expect(added(pending, 0)).toBe(false);
      expect(added(pending)).toBe(1);
    });

    it('is free again once its late answer has come, which is told once', () => {
      const pending = new PendingRequests<Entry>();
      const request = entry();
      pending.add(request, 'mine');
      pending.bar(request);
      expect([pending.unbar('mine'), pending.unbar('mine')]).toEqual([true, false]);
      expect(added(pending, 'mine')).toBe('mine');
    });

    it('is forgotten when 16,384 others were barred after it', () => {
      const pending = new PendingRequests<Entry>();
      for (let n = 0; n <= 16_384; n += 1) {
        const request = entry();
        pending.add(request, `id ${n}`);
        pending.bar(request);
      }
      expect([pending.unbar('id 0'), pending.unbar('id 1'), pending.unbar('id 16384')]).toEqual([false, true, true]);
    });
  });

  describe('A1 drain', () => {
    it('takes all out in the order they came, whatever their ids, and leaves nothing', () => {
      const pending = new PendingRequests<Entry>();
      for (const id of ['b', 9, undefined, 'a']) added(pending, id);
      expect(pending.drain().map(({ id }) => id)).toEqual(['b', 9, 0, 'a']);
      expect([...pending.values()]).toEqual([]);
      expect(pending.drain()).toEqual([]);
    });

    it('takes out only what it is asked for, and their ids are free', () => {
      const pending = new PendingRequests<Entry>();
      for (const id of ['a', 1, 'b', 2]) added(pending, id);
      expect(pending.drain(({ id }) => typeof id === 'number').map(({ id }) => id)).toEqual([1, 2]);
      expect([...pending.values()]).toEqual([{ id: 'a' }, { id: 'b' }]);
      expect(added(pending, 1)).toBe(1);
    });

    it('leaves room for what is added while the drained ones are told', () => {
      const pending = new PendingRequests<Entry>();
      added(pending, 'old');
      for (const { id } of pending.drain()) expect(added(pending, id)).toBe('old');
      expect([...pending.values()]).toEqual([{ id: 'old' }]);
    });
  });
});
