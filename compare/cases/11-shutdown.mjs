import { later, once, outcome } from '../observe.mjs';

export const title = 'Shutdown, one handler nearly done, one stuck';
/** Shown in the README too. */
export const isHeadline = true;

/** Milliseconds the server may take, where it can be told so. */
const LIMIT = 300;

export async function run({ open }) {
  const { called: stuck, done: isStuck } = once();
  const { called: aborted, done: abort } = once();
  const requests = {
    short: async () => {
      await later(50);
      return {};
    },
    long: (_params, { signal }) => {
      signal?.addEventListener('abort', abort);
      isStuck();
      return new Promise(() => undefined);
    },
  };
  const pair = await open({ requests });
  const short = outcome(pair.request('short', {}));
  const long = outcome(pair.request('long', {}));
  await stuck;
  let report;
  const closed = outcome(async () => {
    report = await pair.shutdown(LIMIT);
  });
  const told = (await outcome(aborted)) === undefined ? 'not told' : 'told';
  return [
    ...((await closed) === undefined ? ['shutdown never ends'] : []),
    `the first: ${(await short) ?? 'never ends'}`,
    `the second: ${(await long) ?? 'never ends'}, handler ${told}`,
    ...(report === undefined ? [] : [`report: ${report.answered} answered, ${report.aborted} aborted`]),
  ].join('; ');
}
