import { appServerContract } from '../../src/app-server/index.js';
import { peerContract } from '../../src/cli/peer.js';

describe('what the program and its server agree on', () => {
  it('has the words by which the program drives a turn, of its own server as of codex', () => {
    for (const method of ['initialize', 'thread/start', 'turn/start', 'turn/interrupt'] as const) {
      expect(Object.keys(peerContract.requests)).toContain(method);
      expect(Object.keys(appServerContract.requests)).toContain(method);
    }
    expect(Object.keys(peerContract.serverRequests)).toEqual(
      expect.arrayContaining(Object.keys(appServerContract.serverRequests)),
    );
  });
});
