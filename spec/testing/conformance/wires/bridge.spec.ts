import { PassThrough } from 'node:stream';

import { inProcessWires } from '../../../../src/in-process/index.js';
import { streamWire } from '../../../../src/node/index.js';
import { conformanceCases, conformanceContract, startConformanceServer } from '../../../../src/testing/index.js';
import { bridge } from '../../../../src/transports/index.js';
import { newSeed } from './new-seed.js';

describe('a bridge between two pairs of wires in this process', () => {
  const cases = conformanceCases(
    {
      name: 'a bridge',
      abilities: ['reason', 'kill'],
      connect: () => {
        const [client, front] = inProcessWires({ isolation: 'json' });
        const [back, server] = inProcessWires({ isolation: 'json' });
        startConformanceServer(server);
        bridge(front, back, conformanceContract);
        return { wire: client, kill: () => server.close({ reason: 'gone', orderly: false }) };
      },
    },
    { seeds: [1, 2, 3, newSeed()] },
  );
  it.each(cases)('$name', ({ run }) => run(), 90_000);
});

describe('a bridge in front of streams, whose client may be slow', () => {
  const cases = conformanceCases(
    {
      name: 'a bridge and streams',
      abilities: ['sink', 'kill'],
      connect: () => {
        const [up, down, there, back] = [new PassThrough(), new PassThrough(), new PassThrough(), new PassThrough()];
        startConformanceServer(streamWire({ readable: there, writable: back }));
        bridge(
          streamWire({ readable: up, writable: down }),
          streamWire({ readable: back, writable: there }),
          conformanceContract,
        );
        return { wire: streamWire({ readable: down, writable: up }), kill: () => back.destroy() };
      },
    },
    { seeds: [1, 2, 3, newSeed()] },
  );
  it.each(cases)('$name', ({ run }) => run(), 90_000);
});
