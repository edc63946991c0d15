import { Subject } from 'rxjs';
import { connect, createServer, defineContract, inProcessWires, isLagged, notification, paceWith, type } from 'rx-sluice';

import { DELTA, deltaParams } from './messages.mjs';

const N = 1_000_000;
const EVERY = 100;
const CAPACITY = 1_024;
const delta = notification({ params: type(), delivery: 'best-effort' });
const contract = defineContract({ serverNotifications: { [DELTA]: delta } });

/** Measures production time and what stays in the heap; `account` checks that nothing went missing unsaid. */
function run(produce, take, account) {
  globalThis.gc();
  const before = process.memoryUsage().heapUsed;
  const start = process.hrtime.bigint();
  for (let i = 0; i < N; i += 1) {
    produce(i);
    if (i % EVERY === EVERY - 1) take();
  }
  const milliseconds = Number(process.hrtime.bigint() - start) / 1e6;
  globalThis.gc();
  const retained = (process.memoryUsage().heapUsed - before) / 1e6;
  const { delivered, skipped, waiting } = account();
  const exact = delivered + skipped + waiting === N;
  return {
    value: milliseconds,
    note: `retained ${retained.toFixed(2)} MB, ${delivered} + ${skipped} skipped + ${waiting} waiting`,
    ok: exact && retained <= 1,
  };
}

function byHand() {
  const ring = new Array(CAPACITY);
  let head = 0;
  let size = 0;
  let pending = 0;
  let skipped = 0;
  let delivered = 0;
  const consumer = (event) => {
    if (event.type === 'lagged') skipped += event.skipped;
    else delivered += 1;
  };
  return run(
    (i) => {
      const event = { method: DELTA, params: deltaParams('thread-1') };
      if (size === CAPACITY) {
        head = (head + 1) % CAPACITY;
        size -= 1;
        pending += 1;
      }
      ring[(head + size) % CAPACITY] = event;
      size += 1;
    },
    () => {
      if (pending > 0) {
        consumer({ type: 'lagged', skipped: pending });
        pending = 0;
      }
      consumer(ring[head]);
      head = (head + 1) % CAPACITY;
      size -= 1;
    },
    () => ({ delivered, skipped: skipped + pending, waiting: size }),
  );
}

function ours() {
  const server = createServer(contract, {});
  const [clientWire, serverWire] = inProcessWires();
  const connection = server.attach(serverWire);
  const client = connect(clientWire, contract);
  const ready$ = new Subject();
  let delivered = 0;
  let skipped = 0;
  client.events$.pipe(paceWith(ready$, { capacity: CAPACITY })).subscribe((event) => {
    if (isLagged(event)) skipped += event.skipped;
    else delivered += 1;
  });
  return run(
    (i) => connection.notify(DELTA, deltaParams('thread-1')),
    () => ready$.next(),
    () => {
      const taken = delivered;
      // What waits is read now, and with it the gap that was not told yet.
      for (let i = 0; i <= CAPACITY; i += 1) ready$.next();
      return { delivered: taken, skipped, waiting: delivered - taken };
    },
  );
}

export const title = 'W4 a consumer that takes one event in a hundred';
export const cases = [
  {
    label: 'one million events, capacity 1,024',
    unit: 'ms',
    contenders: { 'by hand, ring and counter': byHand, 'rx-sluice, paceWith': ours },
    goals: { 'rx-sluice, paceWith': 1.7 },
  },
];
