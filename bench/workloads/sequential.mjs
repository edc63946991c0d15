import { NEVER } from 'rxjs';
import { defineContract, request, startInProcess, type } from 'rx-sluice';
import { createServer } from 'rx-sluice/server';

import { handWrittenPair } from './hand-written.mjs';
import { keepers, METHODS, paramsOf, results } from './messages.mjs';
import { nanosecondsPer } from './nanoseconds.mjs';

const N = 20_000;
/** Turns and approvals that are open all the while, as in any session. */
const OPEN = 64;
const spec = request({ params: type(), result: type() });
const requests = Object.fromEntries([...METHODS, 'turn/wait'].map((method) => [method, spec]));
const contract = defineContract({ requests });
const fail = (error) => {
  throw error;
};

const start = () => {
  const client = startInProcess(createServer(contract, { ...results, 'turn/wait': () => NEVER }));
  for (let i = 0; i < OPEN; i += 1) client.request('turn/wait', paramsOf(i)).subscribe(keepers[i & 7]);
  return client;
};
const byHand = () => {
  const handlers = METHODS.map((method) => [method, (params, reply) => reply(results[method](params))]);
  const client = handWrittenPair({ ...Object.fromEntries(handlers), 'turn/wait': () => undefined });
  for (let i = 0; i < OPEN; i += 1) client.request('turn/wait', paramsOf(i), keepers[i & 7], fail);
  return client;
};

export const title = 'W1 one request after another';
export const cases = [
  {
    label: 'sequential round trips',
    unit: 'ns',
    contenders: {
      'by hand, callback': () => {
        const client = byHand();
        return nanosecondsPer(N, () => {
          for (let i = 0; i < N; i += 1) client.request(METHODS[i & 7], paramsOf(i), keepers[i & 7], fail);
        });
      },
      'by hand, promise': () => {
        const client = byHand();
        return nanosecondsPer(N, async () => {
          for (let i = 0; i < N; i += 1) {
            keepers[i & 7](await new Promise((resolve) => client.request(METHODS[i & 7], paramsOf(i), resolve, fail)));
          }
        });
      },
      'rx-sluice, subscribe': () => {
        const client = start();
        return nanosecondsPer(N, () => {
          for (let i = 0; i < N; i += 1) client.request(METHODS[i & 7], paramsOf(i)).subscribe(keepers[i & 7]);
        });
      },
      'rx-sluice, await call': () => {
        const client = start();
        return nanosecondsPer(N, async () => {
          for (let i = 0; i < N; i += 1) keepers[i & 7](await client.call(METHODS[i & 7], paramsOf(i)));
        });
      },
    },
    goals: { 'rx-sluice, subscribe': 2.0, 'rx-sluice, await call': 2.2 },
  },
];
