// Runs the package in a real browser, in a page that may load scripts of its own and nothing else: no `eval`, no inline
// script. Red: a Node built-in in the bundle, a violation of the page's policy, an error, or a count that does not add up.
//
//   node scripts/browser.mjs [screenshot.png]
//
// CHROMIUM names the browser, if it is not where Debian puts it.
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { createServer } from 'node:http';
import { join } from 'node:path';

import { build } from 'esbuild';
import { chromium } from 'playwright-core';

import { root } from './entry-points.mjs';

const POLICY = "default-src 'none'; script-src 'self'; connect-src 'self'";
const executablePath = process.env.CHROMIUM ?? '/usr/bin/chromium';
if (!existsSync(executablePath)) {
  console.error(`browser: there is no Chromium at ${executablePath}: install it, or name one in CHROMIUM`);
  process.exit(1);
}
const built = spawnSync(process.execPath, [join(root, 'scripts/build.mjs'), '--if-stale', 'esm'], { stdio: 'inherit' });
if (built.status !== 0) process.exit(1);

const served = new Map([
  ['/', ['text/html', page('page.js')]],
  ['/page.js', ['text/javascript', await bundle('scripts/browser-page.js')]],
  // Shows that the policy holds and that a violation is heard.
  ['/planted', ['text/html', page('planted.js')]],
  ['/planted.js', ['text/javascript', "try { new Function(''); } catch {} globalThis.seen = {};"]],
]);
const http = createServer(({ url }, response) => {
  const [type, body] = served.get(url) ?? ['text/plain', ''];
  response
    .writeHead(served.has(url) ? 200 : 204, { 'content-type': type, 'content-security-policy': POLICY })
    .end(body);
});
await new Promise((resolve) => http.listen(0, '127.0.0.1', resolve));

const quiet = ['--disable-quic', '--no-first-run', '--disable-background-networking', '--disable-component-update'];
const browser = await chromium.launch({
  executablePath,
  headless: true,
  args: ['--no-sandbox', '--disable-gpu', '--disable-sync', ...quiet],
});
try {
  const planted = await visit('/planted');
  if (planted.complaints.length === 0) fail('a planted violation was not heard: this check sees nothing');

  const { seen, complaints } = await visit('/', process.argv[2]);
  for (const complaint of complaints) fail(complaint);
  const { emitted, shown, skipped, gaps, words, partial, graceful } = seen;
  if (shown + skipped !== emitted) fail(`${shown} shown and ${skipped} skipped are not ${emitted} emitted`);
  if (gaps === 0) fail('the page was not too slow: there was no gap to show');
  if (partial || words !== 10_000) fail(`the state has ${words} of 10000 words, partial: ${partial}`);
  if (!graceful) fail('the shutdown was not graceful');
  console.log(`Chromium ${browser.version()}: ${emitted} events, ${shown} shown, ${skipped} skipped in ${gaps} gaps`);
} finally {
  await browser.close();
  http.close();
}

/** The bundle an application would make; whatever only Node has is an error. */
async function bundle(entry) {
  const { outputFiles, warnings } = await build({
    entryPoints: [join(root, entry)],
    bundle: true,
    write: false,
    format: 'esm',
    platform: 'browser',
    target: 'es2022',
    logLevel: 'warning',
  });
  if (warnings.length > 0) fail(`the bundle of ${entry} has warnings`);
  return outputFiles[0].contents;
}

function page(script) {
  return `<!doctype html><meta charset="utf-8"><title>rx-sluice</title>
<h1>rx-sluice in a page</h1><ol id="events"></ol><ul id="state"></ul>
<script type="module" src="/${script}"></script>`;
}

/** What a page has seen, and what was complained of meanwhile. */
async function visit(path, screenshot) {
  const complaints = [];
  const tab = await browser.newPage();
  tab.on('pageerror', (error) => complaints.push(`the page threw ${error.stack}`));
  tab.on('console', (message) => {
    if (['error', 'warning'].includes(message.type())) complaints.push(`the console says ${message.text()}`);
  });
  await tab.addInitScript(() => {
    globalThis.violations = [];
    globalThis.document.addEventListener(
      'securitypolicyviolation',
      ({ violatedDirective, blockedURI, sourceFile, lineNumber }) => {
        globalThis.violations.push(`${violatedDirective} by ${blockedURI} at ${sourceFile}:${lineNumber}`);
      },
    );
  });
  await tab.goto(`http://127.0.0.1:${http.address().port}${path}`);
  const done = tab.waitForFunction(() => globalThis.seen !== undefined, undefined, { polling: 50, timeout: 30_000 });
  const seen = await done.then(
    () => tab.evaluate(() => globalThis.seen),
    () => ({}),
  );
  if (Object.keys(seen).length === 0 && path === '/') complaints.push('the page did not come to its end');
  complaints.push(
    ...(await tab.evaluate(() => globalThis.violations)).map((told) => `violation of the policy: ${told}`),
  );
  if (screenshot !== undefined) await tab.screenshot({ path: screenshot, fullPage: true });
  await tab.close();
  return { seen, complaints };
}

function fail(reason) {
  process.exitCode = 1;
  console.error(`browser: ${reason}`);
}
