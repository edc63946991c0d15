/** Another seed in each run. The name of its case has it, so that it can be had again. */
export function newSeed(): number {
  return Math.floor(Math.random() * 1e9);
}
