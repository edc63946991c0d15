import { Subject } from 'rxjs';
import { connect, defineContract, inProcessWires, isLagged, notification, paceWith, type } from 'rx-sluice';
import { createServer } from 'rx-sluice/server';

import { DELTA, deltaParams } from './messages.mjs';

const N = 1_000_000;
const EVERY = 100;
const CAPACITY = 1_024;
const delta = notification({ params: type(), scope: (params) => params.threadId, delivery: 'best-effort' });
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

/** The same road: by method and thread to the one listener, whose ring gives up its oldest. */
function byHand() {
  let delivered = 0;
  let skipped = 0;
  const consumer = (event) => {
    if (event.type === 'lagged') skipped += event.skipped;
    else delivered += 1;
  };
  const queue = { ring: new Array(CAPACITY), head: 0, size: 0, skipped: 0 };
  const push = (event) => {
    if (queue.size === CAPACITY) {
      queue.head = (queue.head + 1) % CAPACITY;
      queue.size -= 1;
      queue.skipped += 1;
    }
    queue.ring[(queue.head + queue.size) % CAPACITY] = event;
    queue.size += 1;
  };
  const listeners = new Map([[DELTA, new Map([['thread-1', [push]]])]]);
  const emit = (event) => {
    const sinks = listeners.get(event.method)?.get(event.params.threadId);
    if (sinks !== undefined) for (let i = 0; i < sinks.length; i += 1) sinks[i](event);
  };
  return run(
    (i) => emit({ method: DELTA, params: deltaParams('thread-1', i) }),
    () => {
      if (queue.skipped > 0) consumer({ type: 'lagged', skipped: queue.skipped });
      queue.skipped = 0;
      consumer(queue.ring[queue.head]);
      queue.ring[queue.head] = undefined;
      queue.head = (queue.head + 1) % CAPACITY;
      queue.size -= 1;
    },
    () => ({ delivered, skipped: skipped + queue.skipped, waiting: queue.size }),
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
  client
    .scoped('thread-1')
    .pipe(paceWith(ready$, { capacity: CAPACITY }))
    .subscribe((event) => {
      if (isLagged(event)) skipped += event.skipped;
      else delivered += 1;
    });
  return run(
    (i) => connection.notify(DELTA, deltaParams('thread-1', i)),
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
