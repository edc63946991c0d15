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
});
