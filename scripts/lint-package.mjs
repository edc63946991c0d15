// Reads the tarball the way package managers, runtimes and TypeScript resolvers do, without installing it: publint,
// are-the-types-wrong, no scripts that run at an application's `npm install`, and a stability told for each entry point.
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { publint } from 'publint';
import { formatMessage } from 'publint/utils';

import { entryPoints, manifest, root } from './entry-points.mjs';
import { pack } from './pack.mjs';

const folder = mkdtempSync(join(tmpdir(), 'rx-sluice-package-'));
process.on('exit', () => rmSync(folder, { recursive: true, force: true }));
const tarball = pack(folder);

for (const script of ['preinstall', 'install', 'postinstall', 'prepare']) {
  if (script in manifest.scripts) fail(`package.json has "${script}": nothing of ours runs at an npm install`);
}

const { buffer } = new Uint8Array(readFileSync(tarball));
const { messages, pkg } = await publint({ pack: { tarball: buffer }, strict: true });
for (const message of messages) fail(`publint: ${formatMessage(message, pkg, { color: false })}`);
console.log(`publint: ${messages.length} complaints`);

const attw = join(root, 'node_modules/@arethetypeswrong/cli/dist/index.js');
const flags = ['--no-emoji', '--no-color', '--no-summary', '--format', 'table-flipped'];
const { status } = spawnSync(process.execPath, [attw, ...flags, tarball], { stdio: ['ignore', 'inherit', 'inherit'] });
if (status !== 0) fail('are-the-types-wrong found something');

/** The row of each entry point in docs/stability.md, and the word its own index.ts has for it, are the same. */
const page = readFileSync(join(root, 'docs/stability.md'), 'utf8');
const promised = new Map([...page.matchAll(/^\| `([^`]+)` \| (stable|experimental) \|/gm)].map((row) => row.slice(1)));
for (const { name, source } of entryPoints) {
  const stability = promised.get(name);
  if (stability === undefined) fail(`docs/stability.md does not say whether ${name} is stable or experimental`);
  promised.delete(name);
  // TSDoc: a comment of the whole file, with a tag for what may still change.
  const comment = /^\/\*\*[\s\S]*?\*\//.exec(readFileSync(join(root, source), 'utf8'))?.[0] ?? '';
  if (!comment.includes('@packageDocumentation')) fail(`${source} does not begin with a comment on the entry point`);
  if (comment.includes('@experimental') !== (stability === 'experimental')) {
    fail(`${source} and docs/stability.md disagree on whether ${name} is experimental`);
  }
}
for (const name of promised.keys()) fail(`docs/stability.md has a row for ${name}, which is no entry point`);

function fail(reason) {
  process.exitCode = 1;
  console.error(`package: ${reason}`);
}
