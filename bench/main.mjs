/**
 * Compares rx-sluice with what one would write by hand for the same work.
 *
 *   npm run bench                 7 rounds
 *   npm run bench -- --quick      3 rounds, for a first look
 *   npm run bench -- --only W3    one workload
 *   npm run bench -- --check      fail when a ratio passes 1.5 times its goal
 *
 * Every sample is a fresh process, and the order of the contenders rotates from round to round, since a shared machine
 * is never equally fast twice, and changes its speed for seconds at a time. So a ratio is taken within each round, whose
 * samples are neighbours in time, and the median over the rounds is shown; no number of nanoseconds means anything.
 */
import { execFileSync } from 'node:child_process';
import { parseArgs } from 'node:util';

import * as inFlight from './workloads/in-flight.mjs';
import * as events from './workloads/events.mjs';
import * as messagePort from './workloads/message-port.mjs';
import * as sequential from './workloads/sequential.mjs';
import * as slowConsumer from './workloads/slow-consumer.mjs';
import * as threadStore from './workloads/thread-store.mjs';

/** How far a ratio may be from its goal before `--check` fails. */
const TOLERANCE = 1.5;

const { values } = parseArgs({
  options: {
    quick: { type: 'boolean', default: false },
    check: { type: 'boolean', default: false },
    only: { type: 'string' },
    rounds: { type: 'string' },
  },
});
if (values.only !== undefined && !['W1', 'W2', 'W3', 'W4', 'W5', 'W6'].includes(values.only)) {
  console.error(`there is no workload "${values.only}": W1, W2, W3, W4, W5 or W6`);
  process.exit(2);
}
const rounds = Number(values.rounds ?? (values.quick ? 3 : 7));
const workloads = { sequential, inFlight, events, slowConsumer, threadStore, messagePort };
const files = {
  sequential: 'sequential',
  inFlight: 'in-flight',
  events: 'events',
  slowConsumer: 'slow-consumer',
  threadStore: 'thread-store',
  messagePort: 'message-port',
};

let missed = 0;
let wrong = 0;
for (const [name, { title, cases }] of Object.entries(workloads)) {
  if (values.only !== undefined && !title.startsWith(values.only)) continue;
  console.log(`\n${title}`);
  for (const { label, unit, contenders, goals } of cases) {
    const samples = measure(files[name], label, Object.keys(contenders));
    const misses = report(label, unit, samples, goals);
    missed += misses.missed;
    wrong += misses.wrong;
  }
}
if (values.check && missed > 0) {
  console.error(`\n${missed} ratio(s) beyond ${TOLERANCE} times the goal`);
  process.exitCode = 1;
}

// Not a matter of speed: an account that does not add up, or a heap that grows.
if (wrong > 0) {
  console.error(`\n${wrong} contender(s) lost count or kept more than 1 MB`);
  process.exitCode = 1;
}

/** Runs each contender once a round, each time in a process of its own. */
function measure(file, label, names) {
  const samples = Object.fromEntries(names.map((name) => [name, []]));
  const child = new URL('./sample.mjs', import.meta.url).pathname;
  for (let round = 0; round < rounds; round += 1) {
    for (let i = 0; i < names.length; i += 1) {
      const name = names[(i + round) % names.length];
      const printed = execFileSync(process.execPath, ['--expose-gc', child, file, label, name], { encoding: 'utf8' });
      samples[name].push(JSON.parse(printed));
    }
  }
  return samples;
}

/** Prints one table; the first contender is the base. Returns how many goals were missed by too much, and how many failed. */
function report(label, unit, samples, goals) {
  const valuesOf = (name) => samples[name].map(({ value }) => value);
  const [base] = Object.keys(samples);
  const baseValues = valuesOf(base);
  const rows = Object.entries(samples).map(([name, all]) => ({
    name,
    typical: median(valuesOf(name)),
    ratio: median(valuesOf(name).map((value, round) => value / baseValues[round])),
    note: all.at(-1).note ?? '',
    failed: all.some(({ ok }) => ok === false),
  }));
  const misses = { missed: 0, wrong: 0 };
  console.log(`  ${label}`);
  for (const { name, typical, ratio, note, failed } of rows) {
    const goal = goals[name];
    const beyond = goal !== undefined && ratio > goal * TOLERANCE;
    if (beyond) misses.missed += 1;
    if (failed) misses.wrong += 1;
    const verdict =
      goal === undefined
        ? ''
        : `goal ${goal.toFixed(1)}x${beyond ? '  BEYOND' : ratio > goal ? '  within 1.5x' : '  met'}`;
    console.log(
      `    ${name.padEnd(36)} ${typical.toFixed(1).padStart(9)} ${unit}  ${ratio.toFixed(2).padStart(5)}x  ${verdict} ${note}${failed ? '  WRONG' : ''}`,
    );
  }
  return misses;
}

function median(values) {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 === 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
}
