import { later, outcome } from '../observe.mjs';

export const title = 'A request made after that';

export async function run({ open }) {
  const pair = await open({ requests: { work: () => ({}) } });
  await pair.request('work', {});
  pair.hangUp();
  await later(50);
  return (await outcome(() => pair.request('work', {}))) ?? 'never ends';
}
