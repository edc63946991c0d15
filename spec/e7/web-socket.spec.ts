import { firstValueFrom } from 'rxjs';

import { connectWebSocket, listenWebSocket, type WebSocketListener } from '../../src/websocket/index.js';
import { itHoldsE7 } from './stalled-reader.js';

describe('webSocketWire over a real socket', () => {
  let listener: WebSocketListener;
  beforeEach(() => {
    listener = listenWebSocket();
  });
  afterEach(() => {
    listener.close();
  });

  itHoldsE7(async () => {
    const server = firstValueFrom(listener.wires$);
    const { url } = await firstValueFrom(listener.listening$);
    const client = connectWebSocket(url);
    return [client, await server];
  });
});
