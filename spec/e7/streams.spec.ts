import { streamWire } from '../../src/node/index.js';
import { itHoldsE7 } from './stalled-reader.js';
import { tcpPair } from './tcp-pair.js';

describe('streamWire over a real socket', () => {
  itHoldsE7(async () => {
    const [client, server] = await tcpPair();
    return [streamWire({ readable: client, writable: client }), streamWire({ readable: server, writable: server })];
  });
});
