import { setImmediate } from 'node:timers';

import { once } from '../observe.mjs';

export const title = '100,000 events at once, a consumer that takes one per turn';
/** Shown in the README too. */
export const isHeadline = true;

const BURST = 100_000;

export async function run({ open }) {
  const { called, done } = once();
  const pair = await open({ paced: true });
  let taken = 0;
  let lost = 0;
  let working = 0;
  let mostWorking = 0;
  const account = () => taken + lost === BURST && done();
  const take = async () => {
    working += 1;
    mostWorking = Math.max(mostWorking, working);
    await new Promise((resolve) => setImmediate(resolve));
    working -= 1;
    taken += 1;
    account();
  };
  pair.consume('event', take, (skipped) => {
    lost += skipped;
    account();
  });
  for (let n = 0; n < BURST; n += 1) void pair.emit('event', { n });
  await called;
  // No turn has passed during the burst: what was not given up by then was held.
  const held = `${count(BURST - lost)} held`;
  const atOnce = mostWorking === 1 ? '' : `, ${count(mostWorking)} handlers at once`;
  return `${held}${atOnce}; ${lost === 0 ? 'none lost' : `${count(lost)} lost, and a marker says so`}`;
}

function count(n) {
  return n.toLocaleString('en');
}
