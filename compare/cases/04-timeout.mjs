import { later, once, outcome } from '../observe.mjs';

export const title = 'A limit of 50 ms, an answer after 250 ms';

export async function run({ open, loose }) {
  const { called, done } = once();
  let isTold = false;
  const work = async (_params, { signal }) => {
    signal?.addEventListener('abort', () => {
      isTold = true;
    });
    await later(250);
    done();
    return {};
  };
  const pair = await open({ requests: { work, other: () => ({}) } });
  const atLimit = await outcome(pair.request('work', {}, { timeout: 50 }), 150);
  await called;
  const other = await outcome(pair.request('other', {}));
  const ends = atLimit === undefined ? 'waits for the answer' : `ends in time: ${atLimit}`;
  const harm = other === 'answered' && loose.length === 0 ? '' : ', the late answer does harm';
  return `${ends}, handler ${isTold ? 'told' : 'not told'}${harm}`;
}
