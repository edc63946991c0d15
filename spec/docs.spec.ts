/**
 * Compiles the examples that people read, against the source.
 *
 * - README.md and docs/**: a block fenced as `ts` is whole. It imports what it uses, as a reader would: from `rx-sluice`,
 *   `rx-sluice/node` and so on. A block fenced as `ts fragment` is a part of something, like the ones below.
 * - Doc comments below src: a block fenced as `ts` is a fragment. A name it neither declares nor imports is looked up in
 *   the file it explains, that folder's index.ts, the entry points, spec/docs/prelude.ts, zod's `z` and rxjs, in this
 *   order. prelude.ts has the reader's own things: `client`, `server`, `wire`, `events$`.
 *
 * What is no TypeScript that compiles (a shape, a grammar) is fenced as `text`. There is no way to skip a block.
 */
import { join } from 'node:path';

import { collectExamples, compileExamples, fromComments, fromMarkdown } from './docs/examples.js';

const root = join(__dirname, '..');
const examples = collectExamples(root);

describe('the examples', () => {
  let complaints: readonly (readonly string[])[] = [];

  beforeAll(() => {
    complaints = compileExamples(root, examples);
  }, 60_000);

  it.each(examples.map(({ path, line }, index) => [`${path}:${line}`, index] as const))(
    '%s compiles',
    (_place, index) => {
      expect(complaints[index]).toEqual([]);
    },
  );
});

describe('the compiler of examples', () => {
  it('finds whole blocks and fragments in a page', () => {
    const page = [
      '# Page',
      '```ts',
      'a;',
      'b;',
      '```',
      '',
      '```text',
      'c',
      '```',
      '- x',
      '  ```ts fragment',
      '  d;',
      '  ```',
    ];
    expect(fromMarkdown('p.md', page.join('\n'))).toEqual([
      { path: 'p.md', line: 3, code: 'a;\nb;', whole: true },
      { path: 'p.md', line: 12, code: 'd;', whole: false },
    ]);
  });

  it('finds fragments in doc comments only', () => {
    const source = [
      'const x = 1;',
      '/**',
      ' * A.',
      ' *',
      ' * @example',
      ' * ```ts',
      ' * a;',
      ' *',
      ' * b;',
      ' * ```',
      ' */',
    ];
    expect(fromComments('src/x.ts', [...source, '// ```ts', '// c;', '// ```'].join('\n'))).toEqual([
      { path: 'src/x.ts', line: 7, code: 'a;\n\nb;', whole: false },
    ]);
  });

  it('tells the place of what is wrong', () => {
    const wrong = [
      { path: 'README.md', line: 10, code: 'const n = 1;\nconst s: string = n;', whole: true },
      { path: 'README.md', line: 20, code: 'of(1);', whole: true },
      { path: 'README.md', line: 30, code: "import { of } from 'rxjs';\nof(1).nothing;", whole: true },
      { path: 'src/scheduling/ring.ts', line: 40, code: 'new Ring<number>().push("a");', whole: false },
      { path: 'src/scheduling/ring.ts', line: 50, code: 'of(new Ring<number>()); contract.nothing();', whole: false },
      { path: 'src/scheduling/ring.ts', line: 60, code: 'const = 1;', whole: false },
    ];
    const told = compileExamples(root, wrong).map((complaints) => complaints[0]);
    expect(told).toEqual([
      "README.md:11 Type 'number' is not assignable to type 'string'.",
      "README.md:20 Cannot find name 'of'.",
      "README.md:31 Property 'nothing' does not exist on type 'Observable<number>'.",
      "src/scheduling/ring.ts:40 Argument of type 'string' is not assignable to parameter of type 'number'.",
      expect.stringContaining("src/scheduling/ring.ts:50 Property 'nothing' does not exist on type"),
      'src/scheduling/ring.ts:60 Variable declaration expected.',
    ]);
  }, 60_000);
});
