/** Nanoseconds per operation: the best half of many batches, after a warm-up, so that a stolen slice of CPU counts less. */
export async function nanosecondsPer(
  operations,
  batch,
  { warmUp = 5, batches = Number(process.env.BATCHES ?? 15) } = {},
) {
  for (let i = 0; i < warmUp; i += 1) await batch();
  const taken = [];
  for (let i = 0; i < batches; i += 1) {
    const start = process.hrtime.bigint();
    await batch();
    taken.push(Number(process.hrtime.bigint() - start) / operations);
  }
  taken.sort((a, b) => a - b);
  return taken[taken.length >> 2];
}
