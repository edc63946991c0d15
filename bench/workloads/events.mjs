import { asapScheduler } from 'rxjs';
import { defineContract, inProcessWires, connect, notification, paceOn, type } from 'rx-sluice';
import { createServer } from 'rx-sluice/server';

import { DELTA, deltaParams, listener } from './messages.mjs';
import { nanosecondsPer } from './nanoseconds.mjs';

const N = 50_000;
const delta = notification({ params: type(), scope: (params) => params.threadId, delivery: 'best-effort' });
const contract = defineContract({ serverNotifications: { [DELTA]: delta } });
/** In no order that a cache could guess. */
const shuffled = (names) => Array.from({ length: N }, (_, i) => names[(i * 7_919) % names.length]);
const threads = (n) => Array.from({ length: n }, (_, i) => `thread-${i}`);

/** Each event goes to the one listener of its thread. */
const byHand = (n) => () => {
  const names = threads(n);
  const order = shuffled(names);
  const sinks = new Map([[DELTA, new Map(names.map((name) => [name, [listener()]]))]]);
  const emit = (event) => {
    if (event.id !== undefined) return;
    const listeners = sinks.get(event.method)?.get(event.params.threadId);
    if (listeners !== undefined) for (let i = 0; i < listeners.length; i += 1) listeners[i](event);
  };
  return nanosecondsPer(N, () => {
    for (let i = 0; i < N; i += 1) emit({ method: DELTA, params: deltaParams(order[i], i) });
  });
};

const serve = () => {
  const server = createServer(contract, {});
  const [clientWire, serverWire] = inProcessWires();
  const connection = server.attach(serverWire);
  return { connection, client: connect(clientWire, contract) };
};

const ours = (n) => () => {
  const names = threads(n);
  const { connection, client } = serve();
  const order = shuffled(names);
  for (const name of names) client.scoped(name).subscribe(listener());
  return nanosecondsPer(N, () => {
    for (let i = 0; i < N; i += 1) connection.notify(DELTA, deltaParams(order[i], i));
  });
};

/** With a queue per listener that is emptied once a turn; the turn is part of the cost. */
const oursPaced = (n) => () => {
  const names = threads(n);
  const { connection, client } = serve();
  const order = shuffled(names);
  for (const name of names) {
    client
      .scoped(name)
      .pipe(paceOn(asapScheduler, { capacity: N }))
      .subscribe(listener());
  }
  const burst = 10_000;
  return nanosecondsPer(N, async () => {
    for (let i = 0; i < N; i += 1) {
      connection.notify(DELTA, deltaParams(order[i], i));
      if (i % burst === burst - 1) await Promise.resolve().then(() => undefined);
    }
  });
};

const listeners = (n, sync, paced) => ({
  label: `${n.toLocaleString('en')} listener${n === 1 ? '' : 's'}`,
  unit: 'ns',
  contenders: {
    'by hand, keyed call': byHand(n),
    'rx-sluice, scoped': ours(n),
    'rx-sluice, scoped + paceOn': oursPaced(n),
  },
  goals: { 'rx-sluice, scoped': sync, 'rx-sluice, scoped + paceOn': paced },
});

export const title = 'W3 events, each for one listener';
export const cases = [listeners(1, 1.3, 3.0), listeners(10, 3.0, 4.5), listeners(1_000, 2.3, 3.0)];
