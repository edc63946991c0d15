import { MessageChannel } from 'node:worker_threads';

import { conformanceCases, startConformanceServer } from '../../../../src/testing/index.js';
import { messagePortWire } from '../../../../src/transports/index.js';
import { newSeed } from './new-seed.js';

describe('a MessagePort', () => {
  const cases = conformanceCases(
    {
      name: 'a MessagePort',
      abilities: ['sink', 'reason', 'kill'],
      connect: () => {
        const { port1, port2 } = new MessageChannel();
        startConformanceServer(messagePortWire(port2));
        return { wire: messagePortWire(port1), kill: () => port2.close(), dispose: () => port1.close() };
      },
    },
    { seeds: [1, 2, 3, newSeed()] },
  );
  it.each(cases)('$name', ({ run }) => run(), 90_000);
});
