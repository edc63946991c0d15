import { builtinModules } from 'node:module';
import { posix } from 'node:path';

import ts from 'typescript';

import { type SourceFile, lineOf, walk } from './source.js';

/** A folder imports only from rows above its own; folders of one row never import each other. */
const ROWS: readonly (readonly string[])[] = [
  ['protocol'],
  ['backpressure'],
  ['scheduling'],
  ['correlation'],
  ['server', 'client'],
  ['in-process', 'transports'],
  ['app-server', 'thread-state'],
  ['node', 'testing', 'websocket'],
  ['codex', 'angular', 'react', 'devtools'],
  ['cli'],
];

/** Layers 0-3, of which the root entry point is made: it has no Node import, no zod and no clock of its own. */
const CORE = new Set(ROWS.slice(0, 6).flat());

/** Files that hand something to `await`; promises are what they are for. */
const PROMISING = new Set(['src/backpressure/pull-from.ts', 'src/client/call.ts']);

const LONGEST = 300;
const VAGUE = /^(utils?|helpers?|common|misc|.*-?managers?)$/;

const rowOf = (folder: string): number => ROWS.findIndex((row) => row.includes(folder));

/** Imports that go down or sideways, and folders that stand in no row. */
export function layerViolations(files: readonly SourceFile[]): string[] {
  const unknown = new Set(files.map((file) => file.folder).filter((folder) => folder !== '' && rowOf(folder) < 0));
  return [
    ...[...unknown].map((folder) => `src/${folder} stands in no row of the layers`),
    ...eachImport(files, (file, { target }) => {
      const to = target?.split('/')[1];
      if (to === undefined || to === file.folder || rowOf(to) < 0) return undefined;
      // The root's own index.ts puts layers 0-3 together.
      const allowed = file.folder === '' ? CORE.has(to) : rowOf(to) < rowOf(file.folder);
      return allowed ? undefined : `imports ${target ?? ''}, which is not above it`;
    }),
  ];
}

/** Imports that reach past another folder's index.ts. */
export function deepImports(files: readonly SourceFile[]): string[] {
  return eachImport(files, (file, { target }) => {
    if (target === undefined) return undefined;
    const [top, to, ...rest] = target.split('/');
    if (top !== 'src') return `imports ${target}, which is outside src`;
    if (to === file.folder || (rest.length === 1 && rest[0] === 'index.ts')) return undefined;
    return `imports ${target} instead of src/${to ?? ''}/index.ts`;
  });
}

/** Relative imports without `.js`, or of files that are not there. */
export function brokenImports(files: readonly SourceFile[]): string[] {
  const paths = new Set(files.map((file) => file.path));
  return eachImport(files, (_file, { specifier, target }) => {
    if (target === undefined || paths.has(target)) return undefined;
    return `imports "${specifier}", which is no file here`;
  });
}

/** Circles of files that import each other, types included, each told once. */
export function importCycles(files: readonly SourceFile[]): string[] {
  const targets = new Map(files.map((file) => [file.path, file.imports.flatMap(({ target }) => target ?? [])]));
  const cycles = new Map<string, string>();
  const done = new Set<string>();
  const visit = (path: string, trail: readonly string[]): void => {
    const start = trail.indexOf(path);
    if (start >= 0) {
      const circle = trail.slice(start);
      cycles.set([...circle].sort().join(), [...circle, path].join(' -> '));
    }
    if (start >= 0 || done.has(path)) return;
    for (const target of targets.get(path) ?? []) visit(target, [...trail, path]);
    done.add(path);
  };
  for (const path of targets.keys()) visit(path, []);
  return [...cycles.values()];
}

/** What layers 0-3 may not take from outside. */
export function foreignImports(files: readonly SourceFile[]): string[] {
  return eachImport(files.filter(isCore), (_file, { specifier, target, typeOnly }) => {
    if (target !== undefined) return undefined;
    if (specifier.startsWith('node:') || builtinModules.includes(specifier)) {
      return `imports ${specifier}: the root runs in a browser`;
    }
    if (specifier === 'rxjs') return undefined;
    if (specifier === 'zod') return typeOnly ? undefined : 'imports zod at run time';
    return `imports ${specifier}: the root needs rxjs and zod only`;
  });
}

/** Clocks and promises in layers 0-3 that no scheduler and no caller has given. */
export function rawTimeAndPromises(files: readonly SourceFile[]): string[] {
  const found: string[] = [];
  for (const { path, tree } of files.filter(isCore)) {
    walk(tree, (node) => {
      if (isAsyncDispose(node)) return false;
      const clock = readClock(node);
      if (clock !== undefined) found.push(`${path}:${lineOf(tree, node)} uses ${clock}`);
      const promise = PROMISING.has(path) ? undefined : readPromise(node);
      if (promise !== undefined) found.push(`${path}:${lineOf(tree, node)} uses ${promise}`);
      return undefined;
    });
  }
  return found;
}

/** Statements of an index.ts other than `export { a, b } from './x.js'`. */
export function impureIndexes(files: readonly SourceFile[]): string[] {
  return files
    .filter(isIndex)
    .flatMap(({ path, tree }) =>
      tree.statements
        .filter(
          (statement) =>
            !ts.isExportDeclaration(statement) ||
            statement.moduleSpecifier === undefined ||
            statement.exportClause === undefined ||
            !ts.isNamedExports(statement.exportClause),
        )
        .map((statement) => `${path}:${lineOf(tree, statement)} does more than re-export names`),
    );
}

/** Files that leave something at run time, and no spec at the same place below `spec`. */
export function missingSpecs(files: readonly SourceFile[], specs: ReadonlySet<string>): string[] {
  return files
    .filter((file) => !isIndex(file) && !specs.has(toSpec(file.path)) && hasRuntime(file.tree))
    .map(({ path }) => `${path} has no ${toSpec(path)}`);
}

/** Files that are too long, or are named after nothing in particular. */
export function sizesAndNames(files: readonly SourceFile[]): string[] {
  return files.flatMap(({ path, tree }) => {
    const lines = tree.text.trimEnd().split('\n').length;
    const vague = path.split('/').find((part) => VAGUE.test(part.replace(/\.tsx?$/, '')));
    return [
      ...(lines > LONGEST ? [`${path} has ${lines} lines, more than ${LONGEST}`] : []),
      ...(vague === undefined ? [] : [`${path}: "${vague}" says nothing`]),
      ...(/^[a-z0-9]+(-[a-z0-9]+)*\.tsx?$/.test(posix.basename(path)) ? [] : [`${path} is not in kebab-case`]),
    ];
  });
}

function eachImport(
  files: readonly SourceFile[],
  judge: (file: SourceFile, found: SourceFile['imports'][number]) => string | undefined,
): string[] {
  return files.flatMap((file) =>
    file.imports.flatMap((found) => {
      const verdict = judge(file, found);
      return verdict === undefined ? [] : [`${file.path}:${found.line} ${verdict}`];
    }),
  );
}

function isCore({ folder }: SourceFile): boolean {
  return folder === '' || CORE.has(folder);
}

function isIndex({ path }: SourceFile): boolean {
  return posix.basename(path) === 'index.ts';
}

function toSpec(path: string): string {
  return path.replace(/^src\//, 'spec/').replace(/\.tsx?$/, '.spec.ts');
}

/** Whether anything is left when the types are gone. */
function hasRuntime(tree: ts.SourceFile): boolean {
  const { outputText } = ts.transpileModule(tree.text, {
    fileName: tree.fileName,
    compilerOptions: {
      target: ts.ScriptTarget.ES2022,
      module: ts.ModuleKind.ESNext,
      verbatimModuleSyntax: true,
      removeComments: true,
    },
  });
  return outputText.replace(/export\s*\{\s*\};?/g, '').trim() !== '';
}

const CLOCKS = new Set([
  'setTimeout',
  'setInterval',
  'setImmediate',
  'queueMicrotask',
  'requestAnimationFrame',
  'requestIdleCallback',
]);

/** A clock that is used as a value; a type or a member of that name is something else. */
function readClock(node: ts.Node): string | undefined {
  if (ts.isIdentifier(node) && CLOCKS.has(node.text) && isReference(node)) return node.text;
  if (ts.isPropertyAccessExpression(node)) {
    const text = `${node.expression.getText()}.${node.name.text}`;
    if (/^(globalThis\.)?(Date\.now|performance\.now|process\.nextTick)$/.test(text)) return text;
    if (node.expression.getText() === 'globalThis' && CLOCKS.has(node.name.text)) return text;
  }
  const isNow = ts.isNewExpression(node) && node.expression.getText() === 'Date' && (node.arguments?.length ?? 0) === 0;
  return isNow ? 'new Date()' : undefined;
}

function readPromise(node: ts.Node): string | undefined {
  if (ts.isIdentifier(node) && node.text === 'Promise' && isReference(node)) return 'Promise';
  if (ts.isIdentifier(node) && /^(first|last)ValueFrom$/.test(node.text) && isReference(node)) return node.text;
  if (ts.isAwaitExpression(node)) return 'await';
  const isAsync =
    ts.canHaveModifiers(node) && ts.getModifiers(node)?.some(({ kind }) => kind === ts.SyntaxKind.AsyncKeyword);
  return isAsync === true ? 'async' : undefined;
}

/** A name that is read as a value here: not a type, not a member, not a declaration. */
function isReference(node: ts.Identifier): boolean {
  const { parent } = node;
  if (ts.isTypeReferenceNode(parent) || ts.isQualifiedName(parent) || ts.isImportSpecifier(parent)) return false;
  if (ts.isExpressionWithTypeArguments(parent) && ts.isInterfaceDeclaration(parent.parent.parent)) return false;
  if (ts.isPropertyAccessExpression(parent)) return parent.expression === node;
  const named = parent as { readonly name?: ts.Node };
  return named.name !== node || ts.isShorthandPropertyAssignment(parent);
}

/** The one method whose promise the language itself asks for. */
function isAsyncDispose(node: ts.Node): boolean {
  const isMember = ts.isMethodDeclaration(node) || ts.isPropertyAssignment(node);
  return isMember && ts.isComputedPropertyName(node.name) && node.name.expression.getText() === 'Symbol.asyncDispose';
}
