import { PassThrough } from 'node:stream';

import { streamWire } from '../../../../src/node/index.js';
import { conformanceCases, startConformanceServer } from '../../../../src/testing/index.js';
import { newSeed } from './new-seed.js';

describe.each(['lines', 'content-length'] as const)('a pair of streams, framing %s', (framing) => {
  const cases = conformanceCases(
    {
      name: `streams, ${framing}`,
      abilities: ['sink', 'kill'],
      connect: () => {
        const [up, down] = [new PassThrough(), new PassThrough()];
        startConformanceServer(streamWire({ readable: up, writable: down, framing }));
        return { wire: streamWire({ readable: down, writable: up, framing }), kill: () => down.destroy() };
      },
    },
    { seeds: [1, 2, 3, newSeed()] },
  );
  it.each(cases)('$name', ({ run }) => run(), 90_000);
});
