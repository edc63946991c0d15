import { inProcessWires } from '../../src/in-process/index.js';
import type { Wire } from '../../src/protocol/index.js';
import { bridge, type Bridge } from '../../src/transports/index.js';
import { formal } from '../rules/support.js';
import { stillHeld, type Watch } from './still-held.js';

/**
 * A bridge between two wires, and the ends that are not its own. Nothing here keeps what was said.
 *
 * @param isFull The client takes one message, and no other ever.
 */
function bridged(isFull = false): { readonly relay: Bridge; readonly client: Wire; readonly server: Wire } {
  const [client, toClient] = inProcessWires();
  const [toServer, server] = inProcessWires();
  if (isFull) Object.assign(toClient, { send: () => false });
  return { relay: bridge(toClient, toServer, formal), client, server };
}

/** Listens to all a bridge tells. */
function listen({ closed$, diagnostics$ }: Bridge, watch: Watch): void {
  closed$.subscribe(watch('closed$', { next: () => undefined }));
  diagnostics$.subscribe(watch('diagnostics$', { next: () => undefined }));
}

describe('section 5: a bridge', () => {
  it('holds nothing that it has passed on', async () => {
    const found = await stillHeld((watch) => {
      const { relay, client, server } = bridged();
      const reading = [client.inbound$.subscribe(), server.inbound$.subscribe()];
      client.send({ id: 'hello', method: 'initialize', params: watch('handshake', { capabilities: { lag: true } }) });
      server.send({ id: 'hello', result: watch('result', {}) });
      client.send({ id: 1, method: 'echo', params: watch('params', {}) });
      server.send({ method: 'done', params: watch('event', { n: 1 }) });
      server.send({ id: 7, method: 'ask', params: watch('question', {}) });
      client.send({ id: 7, result: watch('answer', {}) });
      server.send({ id: 1, error: { code: -1, message: 'no', data: watch('data', {}) } });
      return [relay, client, server, reading];
    });
    expect(found).toEqual({});
  });

  const ends: Readonly<Record<string, (pair: ReturnType<typeof bridged>) => void>> = {
    'was closed': ({ relay }) => {
      relay.close();
    },
    'lost its client': ({ client }) => {
      client.close();
    },
    'lost its server': ({ server }) => {
      server.close({ reason: 'gone', orderly: false });
    },
  };

  it.each(Object.keys(ends))('that %s holds nobody who listened, and not what still waited', async (end) => {
    const found = await stillHeld((watch) => {
      const pair = bridged(true);
      const { relay, client, server } = pair;
      listen(relay, watch);
      client.send({ id: 'hello', method: 'initialize', params: watch('unanswered', {}) });
      for (let n = 0; n < 3; n += 1) server.send({ method: 'done', params: watch('event', { n }) });
      ends[end]?.(pair);
      server.inbound$.subscribe();
      client.inbound$.subscribe();
      client.send({ method: 'log', params: watch('too late', {}) });
      return relay;
    });
    expect(found).toEqual({});
  });

  it.each(Object.keys(ends))('that %s is held by neither of its wires', async (end) => {
    const found = await stillHeld((watch) => {
      const pair = bridged();
      watch('bridge', pair.relay);
      listen(pair.relay, watch);
      ends[end]?.(pair);
      return [pair.client, pair.server];
    });
    expect(found).toEqual({});
  });
});
