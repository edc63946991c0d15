import { inProcessWires } from '../../src/in-process/index.js';
import { streamWire } from '../../src/node/index.js';
import { bridge } from '../../src/transports/index.js';
import { contract, itHoldsE7, LIMITS } from './stalled-reader.js';
import { tcpPair } from './tcp-pair.js';

describe('a bridge whose client stands behind a real socket', () => {
  itHoldsE7(async () => {
    const [client, front] = await tcpPair();
    // The server's own sink is never full: what waits, waits in the bridge.
    const [back, server] = inProcessWires();
    bridge(streamWire({ readable: front, writable: front }), back, contract, { limits: LIMITS });
    return [streamWire({ readable: client, writable: client }), server];
  });
});
