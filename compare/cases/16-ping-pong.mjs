import { once } from '../observe.mjs';

export const title = '10,000 rounds of event and reply, each from inside the last';

const ROUNDS = 10_000;

export async function run({ open }) {
  const { called, done } = once();
  const pair = await open();
  let deepest = 0;
  let depth = 0;
  let rounds = 0;
  pair.on('event', () => {
    depth += 1;
    deepest = Math.max(deepest, depth);
    rounds += 1;
    if (rounds < ROUNDS) pair.notify('pong', {});
    else done();
    depth -= 1;
  });
  pair.onServer('pong', () => pair.emit('event', {}));
  pair.emit('event', {});
  const isSynchronous = rounds === ROUNDS;
  await called;
  return `${deepest === 1 ? 'stack flat' : `stack grows to ${deepest}`}; ${isSynchronous ? 'over when the first call returns' : 'over later turns of the event loop'}`;
}
