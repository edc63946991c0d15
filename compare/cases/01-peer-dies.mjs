import { endings, once, outcome } from '../observe.mjs';

export const title = 'The peer dies with three requests in flight';
/** Shown in the README too. */
export const isHeadline = true;

export async function run({ open }) {
  const { called, done } = once();
  let started = 0;
  const work = () => {
    started += 1;
    if (started === 3) done();
    return new Promise(() => undefined);
  };
  const pair = await open({ requests: { work }, bare: true });
  const requests = [1, 2, 3].map(() => pair.request('work', {}));
  const outcomes = Promise.all(requests.map((request) => outcome(request)));
  await called;
  pair.hangUp();
  const alone = endings(await outcomes);
  if (pair.recover === undefined) return alone;
  const again = requests.map((request) => outcome(request));
  pair.recover.run();
  return `${alone}; with ${pair.recover.label} ${endings(await Promise.all(again))}`;
}
