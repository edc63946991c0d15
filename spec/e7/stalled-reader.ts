/**
 * E7, over one kind of wire: what a reader that has stalled costs its server, and what everybody is told.
 *
 * The server and a lively client run in this thread. The stalled one reads nothing at all while 100,000 events are sent.
 */
import { setImmediate } from 'node:timers/promises';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';

import { firstValueFrom, lastValueFrom } from 'rxjs';

import {
  type Client,
  connect,
  defineContract,
  isLagged,
  notification,
  request,
  type,
  type Wire,
} from '../../src/index.js';
import { createServer } from '../../src/server/index.js';

export const contract = defineContract({
  requests: {
    initialize: request({ params: type<{ lag: boolean }>() }),
    echo: request({ params: type<number>(), result: type<number>() }),
  },
  serverNotifications: {
    tick: notification({ params: type<{ n: number; ballast: string }>(), delivery: 'best-effort' }),
    last: notification(),
  },
  handshake: { request: 'initialize', capabilities: (params) => ({ lag: (params as { lag: boolean }).lag }) },
});

/** Opens a wire: the client's end and the server's. */
export type Open = () => Promise<readonly [client: Wire, server: Wire]>;

const EVENTS = 100_000;
/** Events of one turn of the event loop: fewer than the bound, so that the lively client loses none. */
const PER_TURN = 50;
/** Events that may wait for a full sink. */
const BOUND = 128;
export const LIMITS = { events: BOUND };
/** Bytes of a message: a hundred more than its ballast. */
const BALLAST = 900;
const MESSAGE = 1_000;

setFlagsFromString('--expose-gc');
const gc = runInNewContext('gc') as () => void;

async function heap(): Promise<number> {
  for (let round = 0; round < 3; round += 1) {
    await setImmediate();
    gc();
  }
  const { heapUsed, external, arrayBuffers } = process.memoryUsage();
  return heapUsed + external + arrayBuffers;
}

/** Counts the events of a client, and does not keep them. */
function counted(client: Client<typeof contract>): { delivered: number; skipped: number; markers: number } {
  const count = { delivered: 0, skipped: 0, markers: 0 };
  client.events$.subscribe({
    next: (event) => {
      if (!isLagged(event)) count.delivered += 1;
      else {
        count.skipped += event.skipped;
        count.markers += 1;
      }
    },
    error: () => undefined,
  });
  return count;
}

/** Waits now and then until a client is so near that nothing of what was sent can have been given up. */
async function caughtUp(count: { readonly delivered: number }, sent: number): Promise<void> {
  if (sent % PER_TURN !== 0) return;
  do await setImmediate();
  while (count.delivered < sent - PER_TURN);
}

const ballast = 'x'.repeat(BALLAST);

/** The specs of E7, to be called inside a `describe`. */
export function itHoldsE7(open: Open): void {
  async function serve(lag: boolean) {
    const server = createServer(contract, { initialize: () => ({}), echo: (n) => n }, { limits: LIMITS });
    const [stalledEnd, stalledServer] = await open();
    const [livelyEnd, livelyServer] = await open();
    const stalledAt = server.attach(stalledServer);
    server.attach(livelyServer);
    const stalled = connect(stalledEnd, contract, { handshake: { lag } });
    const lively = connect(livelyEnd, contract, { handshake: { lag: true } });
    await Promise.all([firstValueFrom(stalled.ready$), firstValueFrom(lively.ready$)]);
    return { server, stalled, stalledEnd, stalledAt, lively };
  }

  it('E7: 100,000 events to a stalled reader cost no more than the bound; it is told the rest; another one gets them all', async () => {
    const { server, stalled, stalledEnd, lively } = await serve(true);
    const [slow, fast] = [counted(stalled), counted(lively)];
    const before = await heap();
    stalledEnd.pause?.();
    for (let n = 0; n < EVENTS; n += 1) {
      server.broadcast('tick', { n, ballast });
      await caughtUp(fast, n);
    }
    // The lively one is served meanwhile.
    expect(await lively.call('echo', 1)).toBe(1);
    const cost = (await heap()) - before;
    expect(cost).toBeLessThan(BOUND * MESSAGE + 2 * 1_048_576);
    expect(slow.delivered).toBeLessThan(EVENTS);

    const last = firstValueFrom(stalled.notifications('last'));
    server.broadcast('last');
    stalledEnd.resume?.();
    await last;
    expect(slow.delivered + slow.skipped).toBe(EVENTS + 1);
    expect(slow.markers).toBeGreaterThan(0);
    expect(stalled.stats().events).toMatchObject({ emitted: EVENTS + 1, skipped: slow.skipped });
    await lively.call('echo', 2);
    expect(fast).toEqual({ delivered: EVENTS + 1, skipped: 0, markers: 0 });
    await lastValueFrom(server.shutdown());
    await Promise.all([firstValueFrom(stalled.closed$), firstValueFrom(lively.closed$)]);
  }, 120_000);

  it('E7: without the capability the connection closes with the reason, and nobody else notices', async () => {
    const { server, stalled, stalledEnd, stalledAt, lively } = await serve(false);
    const [slow, fast] = [counted(stalled), counted(lively)];
    let end: unknown;
    stalledAt.closed$.subscribe((info) => (end = info));
    stalledEnd.pause?.();
    let sent = 0;
    for (; end === undefined && sent < EVENTS; sent += 1) {
      server.broadcast('tick', { n: sent, ballast });
      await caughtUp(fast, sent);
    }
    expect(end).toEqual({ reason: 'slow-consumer', orderly: false });
    stalledEnd.resume?.();
    await firstValueFrom(stalled.closed$);
    expect(slow.skipped).toBe(0);
    expect(slow.delivered).toBeLessThan(sent);
    expect(await lively.call('echo', 1)).toBe(1);
    expect(fast).toEqual({ delivered: sent, skipped: 0, markers: 0 });
    await lastValueFrom(server.shutdown());
    await firstValueFrom(lively.closed$);
  }, 120_000);
}
