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
});
