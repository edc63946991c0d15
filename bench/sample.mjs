/** Takes one sample of one contender and prints it as JSON: `{ value, note?, ok? }`. Run by main.mjs. */
const [file, label, name] = process.argv.slice(2);
const { cases } = await import(`./workloads/${file}.mjs`);
const { contenders } = cases.find((one) => one.label === label);
const sample = await contenders[name]();
console.log(JSON.stringify(typeof sample === 'number' ? { value: sample } : sample));
