import { defineContract, request, startInProcess, type } from 'rx-sluice';
import { createServer } from 'rx-sluice/server';

import { handWrittenPair } from './hand-written.mjs';
import { keepers, METHODS, paramsOf, results } from './messages.mjs';
import { nanosecondsPer } from './nanoseconds.mjs';

const requests = Object.fromEntries(METHODS.map((method) => [method, request({ params: type(), result: type() })]));
const contract = defineContract({ requests });
const fail = (error) => {
  throw error;
};
const forEachMethod = (make) => Object.fromEntries(METHODS.map((method) => [method, make(method)]));
const effort = (n) => (n > 10_000 ? { warmUp: 3, batches: 9 } : { warmUp: 100, batches: 100 });

/** `n` requests are sent, and only then answered, in order. */
const byHand = (n) => () => {
  let held = [];
  const client = handWrittenPair(
    forEachMethod((method) => (params, reply) => void held.push(() => reply(results[method](params)))),
  );
  return nanosecondsPer(
    n,
    () => {
      for (let i = 0; i < n; i += 1) client.request(METHODS[i & 7], paramsOf(i), keepers[i & 7], fail);
      const replies = held;
      held = [];
      for (const reply of replies) reply();
    },
    effort(n),
  );
};

const ours = (n) => () => {
  let held = [];
  const server = createServer(
    contract,
    forEachMethod((method) => (params) =>
      // The least a handler can return that answers later: a callback, as the other side has one.
      ({ then: (resolve) => void held.push(() => resolve(results[method](params))) }),
    ),
  );
  const client = startInProcess(server);
  return nanosecondsPer(
    n,
    () => {
      for (let i = 0; i < n; i += 1) client.request(METHODS[i & 7], paramsOf(i)).subscribe(keepers[i & 7]);
      const replies = held;
      held = [];
      for (const reply of replies) reply();
    },
    effort(n),
  );
};

const inFlight = (n, goal) => ({
  label: `${n.toLocaleString('en')} in flight`,
  unit: 'ns',
  contenders: { 'by hand, callback': byHand(n), 'rx-sluice, subscribe': ours(n) },
  goals: { 'rx-sluice, subscribe': goal },
});

export const title = 'W2 many requests at once';
export const cases = [inFlight(1_000, 2.0), inFlight(100_000, 1.7)];
