// Draws docs/marbles/*.svg from the scores in spec/docs/marbles/*.marbles, which spec/docs/marbles.spec.ts runs.
//
//   node scripts/marbles.mjs            draws them anew, and removes what no score is left for
//   node scripts/marbles.mjs --check    fails if one is not what would be drawn now
import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

import { build } from 'esbuild';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const source = join(root, 'spec/docs/marbles');
const target = join(root, 'docs/marbles');
const check = process.argv.includes('--check');

const { draw } = await load('draw.ts');
const { parseScores } = await load('score.ts');
const pictures = new Map(
  readdirSync(source)
    .filter((file) => file.endsWith('.marbles'))
    .flatMap((file) => parseScores(readFileSync(join(source, file), 'utf8')))
    .map((score) => [`${score.name}.svg`, draw(score)]),
);

mkdirSync(target, { recursive: true });
const present = new Map(readdirSync(target).map((file) => [file, readFileSync(join(target, file), 'utf8')]));
const stale = [...new Set([...pictures.keys(), ...present.keys()])].filter(
  (file) => pictures.get(file) !== present.get(file),
);
for (const file of stale) {
  const picture = pictures.get(file);
  if (check) console.error(`docs/marbles/${file} is not what its score says: node scripts/marbles.mjs`);
  else if (picture === undefined) rmSync(join(target, file));
  else writeFileSync(join(target, file), picture);
}
if (check) process.exitCode = stale.length > 0 ? 1 : 0;
console.log(`${pictures.size} pictures, ${stale.length} ${check ? 'out of date' : 'changed'}`);

/** The drawing is written in TypeScript, next to the specs that use it too. */
async function load(file) {
  const { outputFiles } = await build({
    entryPoints: [join(source, file)],
    bundle: true,
    write: false,
    format: 'esm',
    platform: 'node',
  });
  return import(`data:text/javascript,${encodeURIComponent(outputFiles[0].text)}`);
}
