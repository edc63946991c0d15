export const title = 'A handler throws: with code and data, and a plain error';

export async function run({ open }) {
  const requests = {
    typed: () => {
      throw Object.assign(new Error('no such thread'), { code: 4_001, data: { threadId: 't' } });
    },
    plain: () => {
      throw new Error('boom');
    },
  };
  const pair = await open({ requests });
  const typed = await pair.request('typed', {}).catch((error) => error);
  const plain = await pair.request('plain', {}).catch((error) => error);
  const isWhole = typed.code === 4_001 && typed.data?.threadId === 't';
  return `${isWhole ? 'code and data arrive' : `arrives as ${typed.code}`}; plain: ${plain.code} "${plain.message}"`;
}
