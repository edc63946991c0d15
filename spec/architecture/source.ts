import { readdirSync, readFileSync } from 'node:fs';
import { join, posix } from 'node:path';

import ts from 'typescript';

/** One `import`, `export ... from`, `import()` or `import('...')` type. */
export interface Import {
  readonly specifier: string;
  /** The file it names, from the project's root; undefined for a package. */
  readonly target: string | undefined;
  readonly typeOnly: boolean;
  /** Names taken from it; empty for a side effect, a namespace or a dynamic import. */
  readonly names: readonly string[];
  readonly line: number;
}

/** A source file as the rules see it. */
export interface SourceFile {
  /** From the project's root, with slashes: `src/protocol/brand.ts`. */
  readonly path: string;
  /** The folder below `src`; empty for a file that lies in `src` itself. */
  readonly folder: string;
  readonly tree: ts.SourceFile;
  readonly imports: readonly Import[];
}

/** All TypeScript files below a folder of the project, as a map from path to text. */
export function readTexts(root: string, folder: string): Map<string, string> {
  const texts = new Map<string, string>();
  for (const entry of readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' }).sort()) {
    if (!/\.tsx?$/.test(entry)) continue;
    const path = posix.join(folder, entry.replaceAll('\\', '/'));
    texts.set(path, readFileSync(join(root, path), 'utf8'));
  }
  return texts;
}

/** Parses files and finds what they import. Files that are not below `src` are left out. */
export function parse(texts: ReadonlyMap<string, string>): readonly SourceFile[] {
  return [...texts]
    .filter(([path]) => path.startsWith('src/'))
    .map(([path, text]) => {
      const tree = ts.createSourceFile(path, text, ts.ScriptTarget.ES2022, true);
      const inner = path.slice('src/'.length);
      const folder = inner.includes('/') ? inner.slice(0, inner.indexOf('/')) : '';
      return { path, folder, tree, imports: findImports(tree, path) };
    });
}

/** The line of a node, counted from 1. */
export function lineOf(tree: ts.SourceFile, node: ts.Node): number {
  return tree.getLineAndCharacterOfPosition(node.getStart(tree)).line + 1;
}

/** Calls back for a node and everything inside it; a callback that returns false keeps the walk out of the node. */
export function walk(node: ts.Node, visit: (node: ts.Node) => boolean | undefined): void {
  if (visit(node) === false) return;
  ts.forEachChild(node, (child) => walk(child, visit));
}

function findImports(tree: ts.SourceFile, path: string): readonly Import[] {
  const found: Import[] = [];
  const add = (node: ts.Node, literal: ts.Node | undefined, typeOnly: boolean, names: readonly string[]): void => {
    if (literal === undefined || !ts.isStringLiteralLike(literal)) return;
    const specifier = literal.text;
    found.push({ specifier, target: toTarget(path, specifier), typeOnly, names, line: lineOf(tree, node) });
  };
  walk(tree, (node) => {
    if (ts.isImportDeclaration(node)) {
      const { typeOnly, names } = readClause(node.importClause);
      add(node, node.moduleSpecifier, typeOnly, names);
    } else if (ts.isExportDeclaration(node)) {
      const elements = node.exportClause && ts.isNamedExports(node.exportClause) ? node.exportClause.elements : [];
      const typeOnly = node.isTypeOnly || (elements.length > 0 && elements.every((element) => element.isTypeOnly));
      add(
        node,
        node.moduleSpecifier,
        typeOnly,
        elements.map((element) => (element.propertyName ?? element.name).text),
      );
    } else if (ts.isImportTypeNode(node)) {
      add(node, ts.isLiteralTypeNode(node.argument) ? node.argument.literal : undefined, true, []);
    } else if (ts.isCallExpression(node) && isLoader(node.expression)) {
      add(node, node.arguments[0], false, []);
    }
    return undefined;
  });
  return found;
}

function readClause(clause: ts.ImportClause | undefined): { typeOnly: boolean; names: readonly string[] } {
  if (clause === undefined) return { typeOnly: false, names: [] };
  const bindings = clause.namedBindings;
  const elements = bindings && ts.isNamedImports(bindings) ? [...bindings.elements] : [];
  const onlyTypes = elements.length > 0 && clause.name === undefined && elements.every((element) => element.isTypeOnly);
  return {
    typeOnly: clause.phaseModifier === ts.SyntaxKind.TypeKeyword || onlyTypes,
    names: elements.map((element) => (element.propertyName ?? element.name).text),
  };
}

function isLoader(callee: ts.Node): boolean {
  return callee.kind === ts.SyntaxKind.ImportKeyword || (ts.isIdentifier(callee) && callee.text === 'require');
}

function toTarget(from: string, specifier: string): string | undefined {
  if (!specifier.startsWith('.')) return undefined;
  return posix.join(posix.dirname(from), specifier).replace(/\.js$/, '.ts');
}
