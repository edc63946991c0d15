/** Makes the check red, and says why. */
export function fail(reason) {
  process.exitCode = 1;
  console.error(`browser: ${reason}`);
}
