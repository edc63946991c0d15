import { once, outcome } from '../observe.mjs';

export const title = 'The caller gives up';
/** Shown in the README too. */
export const isHeadline = true;

export async function run({ open }) {
  const { called: started, done: start } = once();
  const { called: aborted, done: abort } = once();
  const work = (_params, { signal }) => {
    signal?.addEventListener('abort', abort);
    start();
    return new Promise(() => undefined);
  };
  const pair = await open({ requests: { work } });
  const controller = new globalThis.AbortController();
  const ended = outcome(pair.request('work', {}, { signal: controller.signal }));
  await started;
  controller.abort(new Error('given up'));
  const caller = (await ended) === undefined ? 'caller waits on' : 'caller free at once';
  const handler = (await outcome(aborted)) === undefined ? 'handler not told' : 'handler told';
  return `${caller}, ${handler}`;
}
