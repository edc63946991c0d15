import { ownServer } from '../../src/cli/own-server.js';
import { run } from '../../src/testing/index.js';
import { scriptedAgent } from '../../src/testing/scripted-agent.js';
import { fakeWorld } from './fake-world.js';

describe('the server in this process', () => {
  it('knows who it belongs to, where it is and what works on its turns', () => {
    run(({ flush }) => {
      const agent = scriptedAgent([]);
      const client = ownServer(fakeWorld({ agent }));
      const seen: unknown[] = [];
      client.ready$.subscribe((result) => seen.push((result as { userAgent: string }).userAgent));
      client.request('thread/start', {}).subscribe(({ thread }) => {
        seen.push(thread['source']);
        client.request('turn/start', { threadId: thread.id, input: [] }).subscribe();
      });
      flush();
      expect(seen).toEqual([expect.stringMatching(/^rx-sluice-cli \(rx-sluice-cli; \d/), 'cli']);
      expect(agent.turns).toMatchObject([{ cwd: '/usr' }]);
    });
  });

  it('ends with its client', () => {
    run(({ flush }) => {
      const closed: string[] = [];
      const client = ownServer(fakeWorld(), (wire) => {
        wire.closed$.subscribe(({ reason }) => closed.push(reason));
        return wire;
      });
      client.shutdown();
      flush();
      expect(closed).toEqual(['shutdown']);
    });
  });
});
