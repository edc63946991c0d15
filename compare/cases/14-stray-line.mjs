import { later, until } from '../observe.mjs';

export const title = 'A stray line of a log between two messages';

export async function run({ serveBare, loose }) {
  const server = await serveBare({ work: ({ n }) => ({ n }) });
  server.send({ id: 1, method: 'work', params: { n: 1 } });
  await later(50);
  server.sendLine('warning: something was printed where messages belong');
  server.send({ id: 2, method: 'work', params: { n: 2 } });
  server.send({ id: 3, method: 'work', params: { n: 3 } });
  const count = () => server.received.filter(({ result }) => result?.n > 1).length;
  await until(() => count() === 2);
  const answered = count();
  const crash = loose.length === 0 ? '' : ', unhandled errors';
  const requests = ['neither request', 'one request of two', 'both requests'][answered];
  return `${requests} behind it answered${crash}`;
}
