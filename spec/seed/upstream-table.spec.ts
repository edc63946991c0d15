/**
 * Checks docs/upstream.md against the specs it speaks of.
 *
 * A row names an upstream test or a weakness, and then either specs or a reason that begins with `No spec`. A spec is
 * written as its file below spec/ and the name of a test or of a whole group in it: `seed/remote.spec.ts` “notifications
 * arrive”. Each must exist, each test below spec/seed must be in the table, and W1 to W38 must have a row each.
 */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

import ts from 'typescript';

import { readTexts, walk } from '../architecture/source.js';

/** A spec as a row of the table cites it. */
interface Cite {
  readonly file: string;
  readonly name: string;
}

interface Row {
  readonly subject: string;
  readonly cites: readonly Cite[];
  readonly reason: string | undefined;
}

/** A test or a group of tests in a spec file; a test carries the groups it stands in. */
interface Named {
  readonly name: string;
  readonly isGroup: boolean;
  readonly groups: readonly string[];
}

const root = join(__dirname, '..', '..');
const table = readFileSync(join(root, 'docs', 'upstream.md'), 'utf8');
/** What is named in the spec files the table speaks of, and in all below spec/seed. */
const specs = new Map(
  [...readTexts(root, 'spec')]
    .map(([path, text]) => [path.slice('spec/'.length), text] as const)
    .filter(([path]) => path.endsWith('.spec.ts') && (path.startsWith('seed/') || table.includes(`\`${path}\``)))
    .map(([path, text]) => [path, namesIn(text)]),
);

describe('the table of upstream tests and weaknesses', () => {
  const rows = rowsOf(table);

  it('is read whole: each line below a head is a row', () => {
    const lines = table.split('\n').filter((line) => line.startsWith('|'));
    const heads = lines.filter((line) => line.startsWith('|---'));
    expect(heads.length).toBeGreaterThan(5);
    expect(rows).toHaveLength(lines.length - 2 * heads.length);
  });

  it('names for each subject a spec or the reason it has none', () => {
    expect(rows.filter(({ cites, reason }) => cites.length === 0 && reason === undefined)).toEqual([]);
  });

  it('has each subject once', () => {
    const subjects = rows.map(({ subject }) => subject);
    expect(subjects.filter((subject, index) => subjects.indexOf(subject) !== index)).toEqual([]);
  });

  it('cites only what exists', () => expect(missing(rows, specs)).toEqual([]));

  it('cites every test below spec/seed', () => expect(uncited(rows, specs)).toEqual([]));

  it('shows each weakness by the group of specs that has its number', () => {
    const astray = rows.filter(
      ({ subject, cites }) => /^W\d/.test(subject) && cites.some(({ name }) => !name.startsWith(`${subject} `)),
    );
    expect(astray).toEqual([]);
  });

  it('has a row for each weakness, W1 to W38', () => {
    const weaknesses = rows.flatMap(({ subject }) => /^W\d+/.exec(subject) ?? []);
    expect(Array.from({ length: 38 }, (_, n) => `W${n + 1}`).filter((w) => !weaknesses.includes(w))).toEqual([]);
  });
});

describe('the check of the table', () => {
  const text = [
    "describe('group', () => {",
    "  it('first', () => {});",
    "  it.each([1])('each %s', () => {});",
    '});',
    "it('alone', () => {});",
  ].join('\n');
  const planted = new Map([['seed/a.spec.ts', namesIn(text)]]);
  const rowsFor = (...cells: readonly string[]): readonly Row[] =>
    rowsOf(['| upstream | here |', '| --- | --- |', ...cells.map((cell, n) => `| \`t${n}\` | ${cell} |`)].join('\n'));

  it('finds a file and a name that do not exist', () => {
    const rows = rowsFor('`seed/a.spec.ts` “first”', '`seed/a.spec.ts` “gone”', '`seed/b.spec.ts` “first”');
    expect(missing(rows, planted)).toEqual(['seed/a.spec.ts “gone”', 'seed/b.spec.ts “first”']);
  });

  it('finds tests nobody cites; a group stands for all in it', () => {
    expect(uncited(rowsFor('`seed/a.spec.ts` “first”'), planted)).toEqual([
      'seed/a.spec.ts “each %s”',
      'seed/a.spec.ts “alone”',
    ]);
    expect(uncited(rowsFor('`seed/a.spec.ts` “group”, “alone”'), planted)).toEqual([]);
  });

  it('tells a reason from an empty row', () => {
    expect(rowsFor('No spec: not ours.', 'maybe').map(({ reason }) => reason)).toEqual([
      'No spec: not ours.',
      undefined,
    ]);
  });
});

/** The rows of all tables on a page. A name without a file before it is in the file named last. */
function rowsOf(page: string): readonly Row[] {
  return page.split('\n').flatMap((line) => {
    const [, first, second] = line.split(/(?<!\\)\|/).map((cell) => cell.trim());
    const subject = first === undefined ? undefined : /^`([\w ]+)`|^(W\d+b?)\b/.exec(first);
    if (subject === null || subject === undefined || second === undefined) return [];
    let file = '';
    const cites: Cite[] = [];
    for (const [, path, name] of second.matchAll(/`([\w./-]+\.spec\.ts)`|“([^”]+)”/g)) {
      if (path !== undefined) file = path;
      else if (name !== undefined) cites.push({ file, name });
    }
    const reason = second.startsWith('No spec') ? second : undefined;
    return [{ subject: subject[1] ?? subject[2] ?? '', cites, reason }];
  });
}

function namesIn(text: string): readonly Named[] {
  const found: Named[] = [];
  const tree = ts.createSourceFile('x.ts', text, ts.ScriptTarget.ES2022, true);
  const visit = (node: ts.Node, groups: readonly string[]): void => {
    walk(node, (inner) => {
      const call = inner === node ? undefined : titled(inner);
      if (call === undefined) return true;
      found.push({ ...call, groups });
      visit(inner, call.isGroup ? [...groups, call.name] : groups);
      return false;
    });
  };
  visit(tree, []);
  return found;
}

/** `it('name', ...)`, `it.each(...)('name', ...)` and the same with describe. */
function titled(node: ts.Node): { readonly name: string; readonly isGroup: boolean } | undefined {
  if (!ts.isCallExpression(node)) return undefined;
  const [title] = node.arguments;
  const word = /^(it|describe)(\.each)?\b/.exec(node.expression.getText());
  const isEach = word?.[2] !== undefined;
  if (word === null || title === undefined || !ts.isStringLiteralLike(title)) return undefined;
  if (isEach && !ts.isCallExpression(node.expression)) return undefined;
  return { name: title.text, isGroup: word[1] === 'describe' };
}

function missing(rows: readonly Row[], named: ReadonlyMap<string, readonly Named[]>): readonly string[] {
  return rows
    .flatMap(({ cites }) => cites)
    .filter(({ file, name }) => named.get(file)?.some((each) => each.name === name) !== true)
    .map(({ file, name }) => `${file} “${name}”`);
}

function uncited(rows: readonly Row[], named: ReadonlyMap<string, readonly Named[]>): readonly string[] {
  const cited = new Set(rows.flatMap(({ cites }) => cites.map(({ file, name }) => `${file} “${name}”`)));
  return [...named]
    .filter(([file]) => file.startsWith('seed/') && file !== 'seed/upstream-table.spec.ts')
    .flatMap(([file, tests]) =>
      tests
        .filter(({ isGroup }) => !isGroup)
        .filter(({ name, groups }) => ![name, ...groups].some((each) => cited.has(`${file} “${each}”`)))
        .map(({ name }) => `${file} “${name}”`),
    );
}
