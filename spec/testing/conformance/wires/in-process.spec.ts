import { inProcessWires, type Isolation } from '../../../../src/in-process/index.js';
import { conformanceCases, startConformanceServer } from '../../../../src/testing/index.js';
import { newSeed } from './new-seed.js';

describe.each<Isolation>(['none', 'freeze', 'json'])('in process, isolation %s', (isolation) => {
  const cases = conformanceCases(
    {
      name: `in process, ${isolation}`,
      abilities: ['reason', 'kill'],
      connect: () => {
        const [client, server] = inProcessWires({ isolation });
        startConformanceServer(server);
        return { wire: client, kill: () => server.close({ reason: 'gone', orderly: false }) };
      },
    },
    { seeds: [1, 2, 3, newSeed()] },
  );
  it.each(cases)('$name', ({ run }) => run(), 90_000);
});
