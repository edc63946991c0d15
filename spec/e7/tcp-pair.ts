import { once } from 'node:events';
import { connect, createServer, type Socket } from 'node:net';

/** Both ends of a real socket. */
export async function tcpPair(): Promise<readonly [client: Socket, server: Socket]> {
  const listener = createServer().listen(0, '127.0.0.1');
  await once(listener, 'listening');
  const address = listener.address();
  const client = connect(typeof address === 'object' && address ? address.port : 0, '127.0.0.1');
  const [server] = (await once(listener, 'connection')) as [Socket];
  listener.close();
  return [client, server];
}
