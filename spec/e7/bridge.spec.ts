import { once } from 'node:events';
import { connect as connectTcp, createServer as createTcpServer, type Socket } from 'node:net';

import { inProcessWires } from '../../src/in-process/index.js';
import { streamWire } from '../../src/node/index.js';
import { bridge } from '../../src/transports/index.js';
import { contract, itHoldsE7, LIMITS } from './stalled-reader.js';

describe('a bridge whose client stands behind a real socket', () => {
  itHoldsE7(async () => {
    const listener = createTcpServer().listen(0, '127.0.0.1');
    await once(listener, 'listening');
    const address = listener.address();
    const client = connectTcp(typeof address === 'object' && address ? address.port : 0, '127.0.0.1');
    const [front] = (await once(listener, 'connection')) as [Socket];
    listener.close();
    // The server's own sink is never full: what waits, waits in the bridge.
    const [back, server] = inProcessWires();
    bridge(streamWire({ readable: front, writable: front }), back, contract, { limits: LIMITS });
    return [streamWire({ readable: client, writable: client }), server];
  });
});
