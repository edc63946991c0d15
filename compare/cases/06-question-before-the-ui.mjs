import { later, outcome, SOON } from '../observe.mjs';

export const title = 'The server asks before the user interface is there';
/** Shown in the README too. */
export const isHeadline = true;

export async function run({ open }) {
  const pair = await open();
  const answer = outcome(async () => pair.ask('approve', {}));
  // The user interface takes its time; whoever refuses has done so by then.
  await Promise.race([answer, later(SOON / 2)]);
  pair.handle('approve', () => ({ decision: 'accept' }));
  const what = await answer;
  if (what === 'answered') return 'the question waits and is answered';
  return what === undefined ? 'never answered' : `refused at once: ${what}`;
}
