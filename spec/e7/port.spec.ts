import { MessageChannel, type MessagePort } from 'node:worker_threads';

import { messagePortWire } from '../../src/transports/index.js';
import { itHoldsE7 } from './stalled-reader.js';

describe('messagePortWire over a real channel', () => {
  const ports: MessagePort[] = [];
  afterEach(() => {
    for (const port of ports.splice(0)) port.close();
  });

  itHoldsE7(() => {
    const { port1, port2 } = new MessageChannel();
    ports.push(port1, port2);
    return Promise.resolve([messagePortWire(port1), messagePortWire(port2)]);
  });
});
