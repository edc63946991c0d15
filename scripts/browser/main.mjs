// Runs the package in a real browser, in pages that may load scripts of their own and nothing else: no `eval`, no inline
// script. Red: a Node built-in in a bundle, a violation of the page's policy, an error, or a count that does not add up.
//
//   node scripts/browser/main.mjs [screenshot.png]
//
// Beside the screenshot of the first page come those of the others, `screenshot-through-bridge.png` say. CHROMIUM names
// the browser, if it is not where Debian puts it.
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';

import { chromium } from 'playwright-core';

import { root } from '../entry-points.mjs';
import { Bridge } from './bridge.mjs';
import { fail } from './fail.mjs';
import { Site } from './site.mjs';
import { until } from './until.mjs';
import { visit } from './visit.mjs';

const screenshot = process.argv[2];
const executablePath = process.env.CHROMIUM ?? '/usr/bin/chromium';
if (!existsSync(executablePath)) {
  console.error(`browser: there is no Chromium at ${executablePath}: install it, or name one in CHROMIUM`);
  process.exit(1);
}
const built = spawnSync(process.execPath, [join(root, 'scripts/build.mjs'), '--if-stale', 'esm'], { stdio: 'inherit' });
if (built.status !== 0) process.exit(1);

const site = new Site();
const origin = await site.open();
const stranger = await site.open();
const quiet = ['--disable-quic', '--no-first-run', '--disable-background-networking', '--disable-component-update'];
const browser = await chromium.launch({
  executablePath,
  headless: true,
  args: ['--no-sandbox', '--disable-gpu', '--disable-sync', ...quiet],
});
const bridge = new Bridge(origin);
try {
  console.log(`Chromium ${browser.version()}`);
  await planted();
  await inProcess();
  await throughBridge(await bridge.url());
  await inWorker();
} finally {
  await browser.close();
  site.close();
  const code = await bridge.stop();
  if (code !== 0) fail(`the bridge ended with ${code}`);
  for (const line of bridge.said) fail(`the bridge says ${line}`);
}

async function planted() {
  await site.addPage('planted', ["worker-src 'self'"]);
  await site.addWorker('planted-worker');
  const { complaints } = await visit(browser, `${origin}/planted`);
  for (const where of ['violation of the policy', "violation of the worker's policy"]) {
    if (!complaints.some((told) => told.includes(where)))
      fail(`a planted ${where} was not heard: this check sees nothing`);
  }
}

async function inProcess() {
  await site.addPage('in-process');
  const { emitted, shown, skipped, gaps, words, partial, graceful } = await see('in-process', screenshot);
  addsUp({ emitted, shown, skipped, gaps });
  if (partial || words !== 10_000) fail(`the state has ${words} of 10000 words, partial: ${partial}`);
  if (!graceful) fail('the shutdown was not graceful');
}

async function throughBridge(url) {
  const connecting = [`connect-src ${url}`];
  await site.addPage('through-bridge', connecting);
  await site.addPage('refused', connecting);
  const { token } = bridge;
  await isRefused(`${stranger}/refused`, { url, token }, 'Unexpected response code: 403');
  await isRefused(`${origin}/refused`, { url, token: `${token}x` }, 'HTTP Authentication failed');
  if (bridge.programs().length > 0) fail('a page that was refused has started a program');

  let started = [];
  const [seen] = await Promise.all([
    see('through-bridge', beside('through-bridge'), { url, token }),
    until(() => (started = bridge.programs('serve')).length > 0),
  ]);
  const { events, approvals, completed, isWhole, hasPieces, graceful, closed, diagnostics } = seen;
  addsUp(seen);
  if (events.delivered + events.skipped + events.conflated !== events.emitted || events.waiting > 0)
    fail(`the client's counts do not add up: ${JSON.stringify(events)}`);
  if (approvals !== 1 || completed !== 1) fail(`${approvals} approvals and ${completed} ends of the turn`);
  if (!isWhole) fail('the item does not have all of the text');
  if (!hasPieces) fail('nothing was skipped on the way, and still the pieces are not the text');
  if (!graceful || closed !== 'shutdown') fail(`the end was not graceful: ${closed}`);
  if (diagnostics.length > 0) fail(`diagnostics: ${diagnostics}`);
  if (started.length !== 1) fail(`there was no program behind the bridge, or too many: ${started}`);
  if (!(await until(() => bridge.programs().length === 0))) fail('the program outlives the page');
}

/** A page that is not let in learns that, and nothing else goes wrong. */
async function isRefused(address, given, how) {
  const { seen, complaints } = await visit(browser, address, { given });
  const [report, ...others] = complaints;
  if (report?.includes(how) !== true) fail(`the browser does not report ${how} but ${report}`);
  for (const complaint of others) fail(complaint);
  const { asked, reason, orderly } = seen ?? {};
  if (asked !== 'closed' || reason !== 'could not connect' || orderly) {
    fail(`a page that was refused was told ${JSON.stringify(seen)}`);
  }
}

async function inWorker() {
  await site.addPage('in-worker', ["worker-src 'self'"]);
  await site.addWorker('worker');
  const seen = await see('in-worker', beside('in-worker'));
  const { ticks, received, lagged, gapsInBand, misplaced, became, events, pending, closed, orderly } = seen;
  addsUp({ ...seen, emitted: ticks });
  if (received + lagged !== ticks) fail(`${received} received and ${lagged} lagged are not ${ticks} ticks`);
  if (events.emitted !== ticks) fail(`the client knows of ${events.emitted} of ${ticks} ticks`);
  if (gapsInBand === 0 || misplaced > 0) fail(`${gapsInBand} gaps came over the port, ${misplaced} not in their place`);
  if (became.dropped === 0 || became.closed > 0) fail(`the sink was never full: ${JSON.stringify(became)}`);
  if (closed !== 'peer unresponsive' || orderly) fail(`the end of the worker is told as ${closed}`);
  if (!/^closed: .*peer unresponsive/.test(pending)) fail(`the open request ended with ${pending}`);
}

/** What a page has seen; everything that was complained of is a failure. */
async function see(name, screenshot, given) {
  const { seen, complaints } = await visit(browser, `${origin}/${name}`, { given, screenshot });
  for (const complaint of complaints) fail(complaint);
  if (seen === undefined) throw new Error(`nothing to see of ${name}`);
  console.log(`${name}: ${JSON.stringify(seen)}`);
  return seen;
}

function addsUp({ emitted, shown, skipped, gaps }) {
  if (shown + skipped !== emitted) fail(`${shown} shown and ${skipped} skipped are not ${emitted} emitted`);
  if (gaps === 0) fail('the page was not too slow: there was no gap to show');
}

function beside(name) {
  return screenshot?.replace(/(\.[^./]+)?$/, `-${name}$1`);
}
