export const title = 'Pipes in the box';

export async function run({ wires }) {
  return (await wires()).join(', ');
}
