/**
 * Runs the examples of the guide, which spec/docs.spec.ts only compiles.
 *
 * - A `ts` block that is followed by a `text output` block is a program. It runs as it stands, in a process of its own,
 *   and must print exactly the second block and end by itself.
 * - A `ts` block with a `describe` is a spec. It runs as a part of this one.
 */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { buildSync, type Format } from 'esbuild';

import { entryPoints } from './examples.js';

const root = join(__dirname, '../..');
const guide = join(root, 'docs/guide');

interface Block {
  readonly place: string;
  readonly code: string;
  /** What it prints; undefined if the page does not say. */
  readonly output: string | undefined;
}

function blocksOf(page: string, text: string): readonly Block[] {
  const blocks = /```ts\n((?:(?!```)[^])*?)\n```(?:\s*```text output\n([^]*?)```)?/g;
  return [...text.matchAll(blocks)].map((match) => {
    const [, code = '', output] = match;
    return { place: `${page}:${text.slice(0, match.index).split('\n').length}`, code, output };
  });
}

const blocks = readdirSync(guide)
  .filter((name) => name.endsWith('.md'))
  .flatMap((name) => blocksOf(name, readFileSync(join(guide, name), 'utf8')));
const programs = blocks.filter(({ output }) => output !== undefined);
const specs = blocks.filter(({ code }) => code.includes('\ndescribe('));

/** One script, with the source of this package in place of the package. */
function bundle(code: string, format: Format): string {
  const paths = Object.fromEntries(
    entryPoints(root).map((entry) => [`rx-sluice${entry.slice(1)}`, [join(root, 'src', entry, 'index.ts')]]),
  );
  const { outputFiles } = buildSync({
    stdin: { contents: code, loader: 'ts', resolveDir: root },
    bundle: true,
    platform: 'node',
    format,
    // Packages in CommonJS ask for the modules of Node by `require`, which an ES module does not have.
    banner:
      format === 'esm'
        ? { js: "import { createRequire } from 'node:module'; const require = createRequire(process.cwd() + '/');" }
        : {},
    write: false,
    tsconfigRaw: { compilerOptions: { paths, target: 'ES2022', useDefineForClassFields: false } },
  });
  return outputFiles[0]?.text ?? '';
}

describe('the programs of the guide', () => {
  it.each(programs.map((program) => [program.place, program] as const))(
    '%s prints what stands below it, and ends',
    (_, { code, output }) => {
      const { stdout, stderr, status } = spawnSync(process.execPath, ['--input-type=module'], {
        input: bundle(code, 'esm'),
        encoding: 'utf8',
        cwd: root,
        timeout: 60_000,
      });
      expect(stderr).toBe('');
      expect(stdout).toBe(output);
      expect(status).toBe(0);
    },
    90_000,
  );
});

describe('the specs of the guide', () => {
  const folder = mkdtempSync(join(tmpdir(), 'rx-sluice-guide-'));
  afterAll(() => {
    rmSync(folder, { recursive: true });
  });

  for (const [index, { place, code }] of specs.entries()) {
    const path = join(folder, `${index}.cjs`);
    writeFileSync(path, bundle(code, 'cjs'));
    // Jest's own require: the block finds `describe`, `it` and `expect`, and its tests become tests of this file.
    describe(place, () => {
      jest.requireActual(path);
    });
  }
});

it('finds a program and what it prints', () => {
  const page = ['# Page', '```ts', 'a;', '```', '', '```ts', 'b;', '```', '', '```text output', 'c', '```', ''].join(
    '\n',
  );
  expect(blocksOf('p.md', page)).toEqual([
    { place: 'p.md:2', code: 'a;', output: undefined },
    { place: 'p.md:6', code: 'b;', output: 'c\n' },
  ]);
});
