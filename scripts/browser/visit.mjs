/**
 * Opens a page and waits for its end: what it has left in `globalThis.seen`, or nothing, and what was complained of meanwhile.
 *
 * @param given What the page finds in `globalThis.given`.
 */
export async function visit(browser, url, { given = {}, screenshot } = {}) {
  const complaints = [];
  const tab = await browser.newPage({ viewport: { width: 900, height: 900 } });
  tab.on('pageerror', (error) => complaints.push(`the page threw ${error.stack}`));
  // Of its workers too.
  tab.on('console', (message) => {
    if (['error', 'warning'].includes(message.type())) complaints.push(`the console says ${message.text()}`);
  });
  await tab.addInitScript((given) => {
    globalThis.given = given;
    globalThis.violations = [];
    globalThis.document.addEventListener(
      'securitypolicyviolation',
      ({ violatedDirective, blockedURI, sourceFile, lineNumber }) => {
        globalThis.violations.push(`${violatedDirective} by ${blockedURI} at ${sourceFile}:${lineNumber}`);
      },
    );
  }, given);
  await tab.goto(url);
  const done = tab.waitForFunction(() => globalThis.seen !== undefined, undefined, { polling: 50, timeout: 30_000 });
  const seen = await done.then(
    () => tab.evaluate(() => globalThis.seen),
    () => undefined,
  );
  if (seen === undefined) complaints.push('the page did not come to its end');
  const violations = await tab.evaluate(() => globalThis.violations);
  complaints.push(...violations.map((told) => `violation of the policy: ${told}`));
  // What a worker has said before it answers has been heard then.
  await Promise.all(tab.workers().map((worker) => worker.evaluate(() => {})));
  if (screenshot !== undefined) await tab.screenshot({ path: screenshot });
  await tab.close();
  return { seen, complaints };
}
