import { setImmediate } from 'node:timers';

import { once } from '../observe.mjs';

export const title = 'The same, where no event may be lost';
/** Shown in the README too. */
export const isHeadline = true;

const BURST = 100_000;

export async function run({ open }) {
  const { called, done } = once();
  const pair = await open({ paced: true });
  let taken = 0;
  const take = async () => {
    await new Promise((resolve) => setImmediate(resolve));
    taken += 1;
    if (taken === BURST) done(`all ${count(BURST)} held and delivered`);
  };
  if (pair.consumeAll === undefined) pair.consume('event', take);
  else pair.consumeAll('event', take, ({ name, capacity }) => done(`${name}: ${count(capacity)} held, and one more`));
  for (let n = 0; n < BURST; n += 1) void pair.emit('event', { n });
  return called;
}

function count(n) {
  return n.toLocaleString('en');
}
