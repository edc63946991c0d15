import { later, SOON } from '../observe.mjs';

export const title = '10,000 events for a client that has stopped reading';

const BURST = 10_000;

export async function run({ serveBare }) {
  const server = await serveBare({}, { reading: false });
  for (let n = 0; n < BURST; n += 1) void server.emit('event', { n });
  await later(500);
  server.read();
  let before;
  do {
    before = server.received.length;
    await later(SOON);
  } while (server.received.length > before);
  const events = server.received.filter(({ method }) => method === 'event').length;
  const skipped = server.received.reduce((sum, { params }) => sum + (params?.skipped ?? 0), 0);
  if (events === BURST) return `all ${count(BURST)} held for it`;
  const rest =
    events + skipped === BURST ? 'it is told the exact number of the others' : 'the others are gone without a word';
  return `fewer than ${count(10 ** Math.ceil(Math.log10(events)))} held for it, ${rest}`;
}

function count(n) {
  return n.toLocaleString('en');
}
