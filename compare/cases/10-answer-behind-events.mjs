import { setImmediate } from 'node:timers';

import { once } from '../observe.mjs';

export const title = 'An answer behind 10,000 events for the slow consumer';

const EVENTS = 10_000;

export async function run({ open }) {
  const { called, done } = once();
  let taken = 0;
  let accounted = 0;
  const account = (n) => {
    accounted += n;
    if (accounted === EVENTS) done();
  };
  const work = (_params, { notify }) => {
    for (let n = 0; n < EVENTS; n += 1) void notify('event', { n });
    return {};
  };
  const take = async () => {
    taken += 1;
    await new Promise((resolve) => setImmediate(resolve));
    account(1);
  };
  const pair = await open({ requests: { work }, paced: true });
  pair.consume('event', take, account);
  await pair.request('work', {});
  const before = taken;
  await called;
  if (before >= 0.9 * EVENTS) return 'comes when the consumer was given all of them';
  return before <= 0.1 * EVENTS ? 'comes while they wait' : 'comes behind a part of them';
}
