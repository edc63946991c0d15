import { Worker } from 'node:worker_threads';

import { queueScheduler } from 'rxjs';
import { connect, defineContract, request, type } from 'rx-sluice';
import { messagePortWire } from 'rx-sluice/transports';

import { keepers, METHODS, paramsOf } from './messages.mjs';
import { nanosecondsPer } from './nanoseconds.mjs';

const IN_FLIGHT = 64;
const requests = Object.fromEntries(METHODS.map((method) => [method, request({ params: type(), result: type() })]));
const contract = defineContract({ requests });
const fail = (error) => {
  throw error;
};

/** Runs one contender against its worker: every answer sends the next request, until `n` are answered. */
async function microsecondsPer(n, kind, clientOf) {
  const worker = new Worker(new URL('./message-port-worker.mjs', import.meta.url), { workerData: kind });
  const ask = clientOf(worker);
  const batch = () =>
    new Promise((resolve) => {
      let sent = 0;
      let answered = 0;
      const next = () => {
        const i = sent++;
        ask(METHODS[i & 7], paramsOf(i), (result) => {
          keepers[i & 7](result);
          answered += 1;
          if (answered === n) resolve();
          else if (sent < n) next();
        });
      };
      for (let i = 0; i < IN_FLIGHT; i += 1) next();
    });
  const value = await nanosecondsPer(n, batch, { warmUp: 10, batches: 20 });
  await worker.terminate();
  return value / 1_000;
}

/** A map of callbacks; what one turn sends is posted as one array, or each by itself. */
const byHand = (batched) => () =>
  microsecondsPer(5_000, batched ? 'by hand, batched' : 'by hand', (worker) => {
    const pending = new Map();
    let counter = 0;
    let joined = [];
    const flush = () => {
      const messages = joined;
      joined = [];
      worker.postMessage(messages);
    };
    const take = ({ id, result, error }) => {
      const done = pending.get(id);
      if (done === undefined) return;
      pending.delete(id);
      if (error !== undefined) fail(error);
      else done(result);
    };
    worker.on('message', (message) => {
      if (batched) for (const one of message) take(one);
      else take(message);
    });
    return (method, params, done) => {
      const id = counter++;
      pending.set(id, done);
      if (!batched) {
        worker.postMessage({ id, method, params });
        return;
      }
      if (joined.length === 0) globalThis.queueMicrotask(flush);
      joined.push({ id, method, params });
    };
  });

const ours = (batched) => () =>
  microsecondsPer(5_000, batched ? 'rx-sluice' : 'rx-sluice, a post for each', (worker) => {
    const client = connect(messagePortWire(worker, batched ? {} : { joinOn: queueScheduler }), contract);
    return (method, params, done) => client.request(method, params).subscribe(done);
  });

export const title = 'W6 a worker behind a MessagePort';
export const cases = [
  {
    label: `${IN_FLIGHT} in flight`,
    unit: 'us',
    contenders: {
      'by hand, a post for each': byHand(false),
      'by hand, a post for each turn': byHand(true),
      'rx-sluice, a post for each': ours(false),
      'rx-sluice': ours(true),
    },
    goals: { 'rx-sluice, a post for each': 1.2, 'rx-sluice': 0.8 },
  },
];
