/**
 * Compares four ways to drive a server over JSON-RPC by what they do when things go wrong.
 *
 *   node compare/main.mjs                 runs every case against every contender and prints the table
 *   node compare/main.mjs --only flood    the cases whose file name contains this
 *   node compare/main.mjs --write         puts the table into docs/compare.md, and its headlines into README.md
 *   node compare/main.mjs --check         fails if the tables there say something else
 *
 * Each case runs in a process of its own, under a watchdog: what never ends is a result here, not a reason to wait.
 */
import { execFile, execFileSync } from 'node:child_process';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';

/** Far more than any case needs, so that a busy machine changes no cell. */
const WATCHDOG = 60_000;
const CONTENDERS = ['by-hand.mjs', 'vscode-jsonrpc.mjs', 'mcp-sdk.mjs', 'rx-sluice.mjs'];
const BEGIN = '<!-- printed by compare/main.mjs: do not edit -->';
const END = '<!-- end of what compare/main.mjs printed -->';

const { values } = parseArgs({
  options: {
    write: { type: 'boolean', default: false },
    check: { type: 'boolean', default: false },
    only: { type: 'string', default: '' },
  },
});
if ((values.write || values.check) && values.only !== '') {
  console.error('--only makes a part of the table: it goes with neither --write nor --check');
  process.exit(2);
}

const folder = dirname(fileURLToPath(import.meta.url));
execFileSync(process.execPath, [join(folder, '../scripts/build.mjs'), '--if-stale', 'esm'], { stdio: 'inherit' });

const files = readdirSync(join(folder, 'cases')).filter((file) => file.includes(values.only));
if (files.length === 0) {
  console.error(`no case has "${values.only}" in its name`);
  process.exit(2);
}
const names = await Promise.all(CONTENDERS.map(async (file) => (await import(`./contenders/${file}`)).name));
const rows = [];
for (const file of files) {
  const { title, isHeadline = false } = await import(`./cases/${file}`);
  const cells = await Promise.all(CONTENDERS.map((contender) => measure(file, contender)));
  rows.push({ isHeadline, cells: [title, ...cells] });
}
const header = ['', ...names];
const all = rows.map(({ cells }) => cells);
console.log(toMarkdown(header, all));

if (values.write || values.check) {
  const headlines = rows.filter(({ isHeadline }) => isHeadline).map(({ cells }) => cells);
  settle('docs/compare.md', toMarkdown(header, all));
  settle('README.md', toMarkdown(header, headlines));
}

/** Puts a table where a page has room for it, or says that the page has another one. */
function settle(page, table) {
  const path = join(folder, '..', page);
  const text = readFileSync(path, 'utf8');
  const [before, rest] = text.split(`${BEGIN}\n`);
  const after = rest?.split(END)[1];
  if (after === undefined) throw new Error(`${page} has no place for the table: ${BEGIN}`);
  const renewed = `${before}${BEGIN}\n\n${table}\n\n${END}${after}`;
  if (values.write) {
    writeFileSync(path, renewed);
  } else if (renewed !== text) {
    console.error(`${page} says something else: node compare/main.mjs --write`);
    process.exitCode = 1;
  }
}

/** One cell. A case that fails is no result: it ends the program. */
function measure(file, contender) {
  const program = [join(folder, 'run-case.mjs'), file, contender];
  const options = { timeout: WATCHDOG, killSignal: 'SIGKILL' };
  return new Promise((resolve, reject) => {
    execFile(process.execPath, program, options, (error, stdout, stderr) => {
      const last = stdout.trim().split('\n').at(-1);
      if (error?.killed) return resolve('never ends');
      if (error || last === '') return reject(new Error(`${file} with ${contender}: ${stderr || 'it said nothing'}`));
      const { cell, loose } = JSON.parse(last);
      for (const stray of loose) console.error(`${file} with ${contender}, uncaught: ${stray}`);
      return resolve(cell);
    });
  });
}

function toMarkdown(header, body) {
  const line = (cells) => `| ${cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`;
  return [line(header), line(header.map(() => '---')), ...body.map(line)].join('\n');
}
