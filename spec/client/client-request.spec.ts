import { ClientRequest } from '../../src/client/client-request.js';
import { PendingRequest } from '../../src/correlation/index.js';
import type { plain } from '../rules/support.js';
import { LaneOwner } from './lane-owner.js';

const observer = { next: () => undefined, error: () => undefined, complete: () => undefined };

describe('ClientRequest', () => {
  it.each<[keyof typeof plain.requests | 'nothing', boolean]>([
    ['stop', true],
    ['echo', false],
    ['nothing', false],
  ])('C7 to %s is urgent (%s) as the contract says', (method, urgent) => {
    const { lane } = new LaneOwner();
    const request = new ClientRequest(method, 'x', observer, lane, lane.specOf(method), true);
    expect(request).toMatchObject({ method, params: 'x', urgent, wantsSeq: true, state: 'waiting' });
    expect(request).toBeInstanceOf(PendingRequest);
  });

  describe('C10 its result', () => {
    const accepted = (wantsSeq: boolean, isChecked: boolean, result: unknown): unknown => {
      const { lane } = new LaneOwner();
      let seen: unknown;
      const watching = {
        ...observer,
        next: (value: unknown) => (seen = value),
        error: (error: unknown) => (seen = error),
      };
      new ClientRequest('add', {}, watching, lane, lane.specOf('add'), wantsSeq).accept(result, 7, isChecked);
      return seen;
    };

    it('is compared with its schema if that is wanted', () => {
      expect(accepted(false, true, 'three')).toMatchObject({ name: 'DecodeError', method: 'add', value: 'three' });
      expect(accepted(false, false, 'three')).toBe('three');
    });

    it('E9 comes with its place if the observer wants it', () => {
      expect(accepted(true, true, 3)).toEqual({ id: -1, seq: 7, result: 3 });
      expect(accepted(false, true, 3)).toBe(3);
    });
  });
});
