import { OpenServerRequest, type OpenServerRequestOwner } from '../../src/client/open-server-request.js';

describe('OpenServerRequest', () => {
  it('S3 leaves it to its owner to settle it, and says what that says', () => {
    const said: unknown[] = [];
    const owner: OpenServerRequestOwner = {
      settle: (request, answer) => {
        said.push([request.id, answer]);
        return said.length === 1 ? 'sent' : 'alreadySettled';
      },
    };
    const request = new OpenServerRequest(owner, 'q', 'ask', 'well?', 3);
    expect(request).toMatchObject({ id: 'q', method: 'ask', params: 'well?', seq: 3, isOpen: true });
    expect([request.respond('yes'), request.fail('no')]).toEqual(['sent', 'alreadySettled']);
    expect(said).toEqual([
      ['q', { result: 'yes' }],
      ['q', { error: 'no' }],
    ]);
  });

  it('S3 tells once that it is settled, late listeners too', () => {
    const request = new OpenServerRequest({ settle: () => 'sent' }, 'q', 'ask', 'well?', 3);
    const told: string[] = [];
    request.settled$.subscribe({ next: () => told.push('settled'), complete: () => told.push('end') });
    expect(told).toEqual([]);

    request.tellSettled();
    request.tellSettled();
    expect(told).toEqual(['settled', 'end']);
    request.settled$.subscribe(() => told.push('late'));
    expect(told).toEqual(['settled', 'end', 'late']);
  });
});
