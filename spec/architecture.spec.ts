import { join } from 'node:path';

import {
  brokenImports,
  deepImports,
  foreignImports,
  importCycles,
  impureIndexes,
  layerViolations,
  missingSpecs,
  rawTimeAndPromises,
  sizesAndNames,
} from './architecture/rules.js';
import { parse, readTexts } from './architecture/source.js';

describe('the source', () => {
  const root = join(__dirname, '..');
  const files = parse(readTexts(root, 'src'));
  const specs = new Set(readTexts(root, 'spec').keys());

  it('imports only from layers above', () => expect(layerViolations(files)).toEqual([]));
  it('enters another folder by its index.ts only', () => expect(deepImports(files)).toEqual([]));
  it('imports files that exist, by their compiled name', () => expect(brokenImports(files)).toEqual([]));
  it('has no circle of imports', () => expect(importCycles(files)).toEqual([]));
  it('needs rxjs alone at run time in layers 0-3', () => expect(foreignImports(files)).toEqual([]));
  it('has no clock and makes no promise in layers 0-3', () => expect(rawTimeAndPromises(files)).toEqual([]));
  it('re-exports explicit names from index.ts and does nothing else there', () => {
    expect(impureIndexes(files)).toEqual([]);
  });
  it('has a spec at the mirrored path for each file that runs', () => expect(missingSpecs(files, specs)).toEqual([]));
  it('keeps files short and named after what they hold', () => expect(sizesAndNames(files)).toEqual([]));
});

describe('the rules', () => {
  /** Files planted for one rule; each has the text given for its path. */
  const plant = (texts: Record<string, string>): ReturnType<typeof parse> => parse(new Map(Object.entries(texts)));

  it('find an import from below, beside, and from a folder that is unknown', () => {
    const files = plant({
      'src/index.ts': "export { a } from './app-server/index.js';\nexport { b } from './client/index.js';",
      'src/protocol/a.ts': "import type { Gap } from '../backpressure/index.js';",
      'src/backpressure/a.ts': "import { a } from '../protocol/index.js';",
      'src/client/a.ts': "export const a = async () => import('../server/index.js');",
      'src/cli/a.ts': "import { a } from '../node/index.js';\ntype B = import('../elsewhere/index.js').B;",
      'src/elsewhere/a.ts': '',
    });
    expect(layerViolations(files)).toEqual([
      'src/elsewhere stands in no row of the layers',
      'src/index.ts:1 imports src/app-server/index.ts, which is not above it',
      'src/protocol/a.ts:1 imports src/backpressure/index.ts, which is not above it',
      'src/client/a.ts:1 imports src/server/index.ts, which is not above it',
    ]);
  });

  it('find an import past an index.ts', () => {
    const files = plant({
      'src/client/a.ts': "import { isLagged } from '../backpressure/is-lagged.js';\nimport { b } from './b.js';",
      'src/client/b.ts': "export { c } from '../../spec/c.js';\nexport { d } from '../protocol/index.js';",
      'src/index.ts': "export { a } from './client/a.js';",
    });
    expect(deepImports(files)).toEqual([
      'src/client/a.ts:1 imports src/backpressure/is-lagged.ts instead of src/backpressure/index.ts',
      'src/client/b.ts:1 imports spec/c.ts, which is outside src',
      'src/index.ts:1 imports src/client/a.ts instead of src/client/index.ts',
    ]);
  });

  it('find an import of nothing', () => {
    const files = plant({ 'src/client/a.ts': "import './b.js';\nimport './a.js';\nimport { c } from '../protocol';" });
    expect(brokenImports(files)).toEqual([
      'src/client/a.ts:1 imports "./b.js", which is no file here',
      'src/client/a.ts:3 imports "../protocol", which is no file here',
    ]);
  });

  it('find circles, also of types, each once', () => {
    const files = plant({
      'src/client/a.ts': "import type { B } from './b.js';",
      'src/client/b.ts': "import { c } from './c.js';",
      'src/client/c.ts': "export { a } from './a.js';",
      'src/client/d.ts': "import './a.js';\nimport './d.js';",
    });
    expect(importCycles(files)).toEqual([
      'src/client/a.ts -> src/client/b.ts -> src/client/c.ts -> src/client/a.ts',
      'src/client/d.ts -> src/client/d.ts',
    ]);
  });

  it('find Node, zod at run time and other packages in layers 0-3 only', () => {
    const text = [
      "import { readFileSync } from 'node:fs';",
      "import { EventEmitter } from 'events';",
      "import { z } from 'zod';",
      "import type { ZodType } from 'zod';",
      "import { type ZodType } from 'zod';",
      "import { map } from 'rxjs';",
      "import { map } from 'rxjs/operators';",
    ].join('\n');
    expect(foreignImports(plant({ 'src/client/a.ts': text, 'src/node/a.ts': text }))).toEqual([
      'src/client/a.ts:1 imports node:fs: the root runs in a browser',
      'src/client/a.ts:2 imports events: the root runs in a browser',
      'src/client/a.ts:3 imports zod at run time',
      'src/client/a.ts:7 imports rxjs/operators: the root needs rxjs and zod only',
    ]);
  });

  it('find clocks and promises, but not their names, types and the permitted places', () => {
    const files = plant({
      'src/client/a.ts': [
        "import { firstValueFrom } from 'rxjs';",
        'setTimeout(f, 1); globalThis.queueMicrotask(f);',
        'const t = Date.now() + performance.now() + +new Date();',
        'const p = new Promise(f);',
        'const q = Promise.resolve(1);',
        'const r = firstValueFrom(a$);',
        'async function g() { await p; }',
        'const later = { setTimeout };',
      ].join('\n'),
      'src/client/b.ts': [
        'interface Timers { setTimeout(f: () => void): void; promise: Promise<number> }',
        'const d = new Date(0); // setTimeout',
        'class C { async [Symbol.asyncDispose]() { await Promise.resolve(setTimeout); } }',
        "type X = 'Promise'; timers.setTimeout(f); given.then(f);",
      ].join('\n'),
      'src/client/call.ts': 'export const a = async () => new Promise(f);\nsetInterval(f);',
      'src/node/a.ts': 'setTimeout(f, 1);',
    });
    expect(rawTimeAndPromises(files)).toEqual([
      'src/client/a.ts:2 uses setTimeout',
      'src/client/a.ts:2 uses globalThis.queueMicrotask',
      'src/client/a.ts:3 uses Date.now',
      'src/client/a.ts:3 uses performance.now',
      'src/client/a.ts:3 uses new Date()',
      'src/client/a.ts:4 uses Promise',
      'src/client/a.ts:5 uses Promise',
      'src/client/a.ts:6 uses firstValueFrom',
      'src/client/a.ts:7 uses async',
      'src/client/a.ts:7 uses await',
      'src/client/a.ts:8 uses setTimeout',
      'src/client/call.ts:2 uses setInterval',
    ]);
  });

  it('find an index.ts that does more than re-export names', () => {
    const text = ["export { a } from './a.js';", "export * from './b.js';", "import './c.js';", 'export const d = 1;'];
    expect(impureIndexes(plant({ 'src/client/index.ts': text.join('\n') }))).toEqual([
      'src/client/index.ts:2 does more than re-export names',
      'src/client/index.ts:3 does more than re-export names',
      'src/client/index.ts:4 does more than re-export names',
    ]);
  });

  it('find a file without a spec, unless it holds types only', () => {
    const files = plant({
      'src/client/a.ts': '/** A. */ export const a = 1;',
      'src/client/b.ts': "import type { A } from './a.js';\n/** B. */ export interface B { readonly a: A }",
      'src/client/c.ts': 'export function c(): void {}',
      'src/client/index.ts': "export { a } from './a.js';",
    });
    expect(missingSpecs(files, new Set(['spec/client/c.spec.ts']))).toEqual([
      'src/client/a.ts has no spec/client/a.spec.ts',
    ]);
  });

  it('find long files and vague names', () => {
    const files = plant({
      'src/client/utils.ts': '',
      'src/helpers/a.ts': '',
      'src/client/session-manager.ts': '',
      'src/client/lagBuffer.ts': '',
      'src/client/long.ts': 'x;\n'.repeat(301),
      'src/client/just-right.ts': 'x;\n'.repeat(300),
    });
    expect(sizesAndNames(files)).toEqual([
      'src/client/utils.ts: "utils.ts" says nothing',
      'src/helpers/a.ts: "helpers" says nothing',
      'src/client/session-manager.ts: "session-manager.ts" says nothing',
      'src/client/lagBuffer.ts is not in kebab-case',
      'src/client/long.ts has 301 lines, more than 300',
    ]);
  });
});
