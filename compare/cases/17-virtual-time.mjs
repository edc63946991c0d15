import { from } from 'rxjs';
import { TestScheduler } from 'rxjs/testing';

export const title = 'A limit of 60 s in a marble test';
/** Shown in the README too. */
export const isHeadline = true;

export async function run({ open }) {
  const pair = await open({ requests: { work: () => new Promise(() => undefined) } });
  const options = { timeout: 60_000 };
  let ended;
  const scheduler = new TestScheduler(() => undefined);
  scheduler.run(({ flush }) => {
    const request$ = pair.observe?.('work', {}, options) ?? from(pair.request('work', {}, options));
    request$.subscribe({ error: () => (ended = scheduler.now()) });
    flush();
  });
  return ended === undefined ? 'not seen by virtual time' : `ends at ${ended.toLocaleString('en')} ms of virtual time`;
}
