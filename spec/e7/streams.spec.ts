import { once } from 'node:events';
import { connect as connectTcp, createServer as createTcpServer, type Socket } from 'node:net';

import { streamWire } from '../../src/node/index.js';
import { itHoldsE7 } from './stalled-reader.js';

describe('streamWire over a real socket', () => {
  itHoldsE7(async () => {
    const listener = createTcpServer().listen(0, '127.0.0.1');
    await once(listener, 'listening');
    const address = listener.address();
    const client = connectTcp(typeof address === 'object' && address ? address.port : 0, '127.0.0.1');
    const [server] = (await once(listener, 'connection')) as [Socket];
    listener.close();
    return [streamWire({ readable: client, writable: client }), streamWire({ readable: server, writable: server })];
  });
});
