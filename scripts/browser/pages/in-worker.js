// A page whose server is in a worker, and which takes from the port once a frame: the port's credit is used up, the
// server's events lag and `$/lagged` says where. Then the worker is ended without a word, which the heartbeat finds out.
// What was seen is left in `globalThis.seen`.
import { connect, isLagged, paceOn } from 'rx-sluice';
import { messagePortWire } from 'rx-sluice/transports';
import { animationFrames, animationFrameScheduler, lastValueFrom, share, takeWhile, tap } from 'rxjs';

import { show, showEvent } from './show.js';
import { contract } from './worker-contract.js';

const TICKS = 20_000;

const worker = new Worker('/worker.js', { type: 'module' });
const wire = messagePortWire(worker, { credit: 64, heartbeat: 1_000 });
worker.addEventListener('error', (error) => wire.close({ reason: 'worker failed', orderly: false, error }));
const client = connect(wire, contract, { handshake: { lag: true } });
const seen = { received: 0, lagged: 0, gapsInBand: 0, misplaced: 0, shown: 0, skipped: 0, gaps: 0 };

/** What came over the port. Each tick has its number, so a gap is as large as it says, and where it says. */
let next = 1;
const ticks$ = client.notifications('tick').pipe(
  tap((tick) => {
    if (isLagged(tick)) {
      seen.gapsInBand += 1;
      seen.lagged += tick.skipped;
      next += tick.skipped;
      return;
    }
    seen.received += 1;
    if (tick.n !== next) seen.misplaced += 1;
    next = tick.n + 1;
  }),
  share(),
);
/** What a reader sees who takes sixteen of them a frame; the last one is never given up. */
const drawn$ = ticks$.pipe(
  paceOn(animationFrameScheduler, { capacity: 16, lossless: ({ n }) => n === TICKS }),
  tap((tick) => showEvent(tick, seen)),
  takeWhile((tick) => isLagged(tick) || tick.n < TICKS),
);
const frames = animationFrames().subscribe(() => {
  wire.resume();
  wire.pause();
});
/** Is open all the time. */
const waiting = client.call('wait', {}).then(
  () => 'answered',
  ({ reason, message }) => `${reason}: ${message}`,
);
const [became] = await Promise.all([
  client.call('flood', { ticks: TICKS }),
  lastValueFrom(drawn$, { defaultValue: 0 }),
]);
const { events } = client.stats();
show('state', `the worker says: ${JSON.stringify(became)}`);
show('state', `${seen.received} came, and ${seen.gapsInBand} gaps of ${seen.lagged}`);

worker.terminate();
const pending = await waiting;
const closed = await lastValueFrom(client.closed$);
frames.unsubscribe();
show('state', `after terminate(): ${closed.reason}; the request: ${pending}`);
globalThis.seen = { ...seen, ticks: TICKS, became, events, pending, closed: closed.reason, orderly: closed.orderly };
