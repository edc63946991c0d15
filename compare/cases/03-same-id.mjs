import { later, until } from '../observe.mjs';

export const title = 'Two requests with the same id';
/** Shown in the README too. */
export const isHeadline = true;

export async function run({ serveBare }) {
  const ran = [];
  const work = async ({ n }) => {
    ran.push(n);
    await later(50);
    return {};
  };
  const server = await serveBare({ work });
  const ask = (n) => ({ id: 7, method: 'work', params: { n } });
  server.send(ask('first'), ask('second'));
  await until(() => server.received.length === 2);
  const answers = server.received.filter(({ id }) => id === 7).length;
  const refusal = server.received.find(({ id, error }) => id === null && error !== undefined);
  if (ran.length === 2) return `both run, ${answers} answers with one id`;
  return refusal === undefined
    ? `only the ${ran[0]} runs, the other is lost`
    : `the ${ran[0]} runs, the other is refused: ${refusal.error.code}`;
}
