/** Runs one case against one contender, in a process of its own, and prints the cell of the table as JSON. */
const [caseFile, contenderFile] = process.argv.slice(2);

/** What nobody caught. A case looks at it; nothing else may hide it. */
const loose = [];
process.on('unhandledRejection', (error) => loose.push(error));
process.on('uncaughtException', (error) => loose.push(error));

try {
  const { run } = await import(`./cases/${caseFile}`);
  const contender = await import(`./contenders/${contenderFile}`);
  const cell = await run({ ...contender, loose });
  process.stdout.write(`${JSON.stringify({ cell, loose: loose.map(String) })}\n`, () => process.exit(0));
} catch (error) {
  console.error(error);
  process.exit(1);
}
