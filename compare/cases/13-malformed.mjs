import { later, until } from '../observe.mjs';

export const title = 'A message that is no JSON, one that is no message, then a request';

export async function run({ serveBare, loose }) {
  const server = await serveBare({ work: () => ({ fine: true }) });
  server.sendText('{nope');
  await later(50);
  server.sendText('[1,2]');
  await later(50);
  server.send({ id: 1, method: 'work', params: {} });
  const isFine = ({ result }) => result?.fine === true;
  await until(() => server.received.some(isFine));
  const isAnswered = server.received.some(isFine);
  const told = server.received.filter(({ error }) => error !== undefined).map(({ error }) => error.code);
  const sender = told.length === 0 ? 'the sender is not told' : `the sender is told: ${told.join(', ')}`;
  const crash = loose.length === 0 ? '' : ', unhandled errors';
  return `${isAnswered ? 'answered' : 'never answered'}, ${sender}${crash}`;
}
