// Loads each entry point of the built package by its own name, once as an ES module and once as CommonJS, the way an
// application would, and fails if one does not load or if the two builds do not export the same names.
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';

const manifest = JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8'));
const require = createRequire(import.meta.url);

for (const entry of Object.keys(manifest.exports)) {
  const name = manifest.name + entry.slice(1);
  if (name.endsWith('.json')) continue;
  const esm = namesOf(await import(name));
  const cjs = namesOf(require(name));
  if (esm !== cjs) {
    console.error(`${name} differs: ESM has ${esm}; CommonJS has ${cjs}`);
    process.exitCode = 1;
  } else if (esm === '') {
    console.error(`${name} exports nothing`);
    process.exitCode = 1;
  } else {
    console.log(`${name}: ${esm.split(' ').length} names, the same in both builds`);
  }
}

function namesOf(module) {
  return Object.keys(module)
    .filter((name) => name !== '__esModule' && name !== 'default' && name !== 'module.exports')
    .sort()
    .join(' ');
}
