import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { join, posix } from 'node:path';

import ts from 'typescript';

import { readTexts } from '../architecture/source.js';

/** A piece of TypeScript in a text that people read. */
export interface Example {
  /** Where it stands, from the project's root: `README.md`. */
  readonly path: string;
  /** Line of its first line of code, counted from 1. */
  readonly line: number;
  readonly code: string;
  /** Whether it must stand for itself, imports included, or may use names that are known from around it. */
  readonly whole: boolean;
}

/** The examples of README.md, of everything below docs, and of all doc comments below src. */
export function collectExamples(root: string): readonly Example[] {
  const docs = existsSync(join(root, 'docs'))
    ? readdirSync(join(root, 'docs'), { recursive: true, encoding: 'utf8' })
    : [];
  const pages = ['README.md', ...docs.filter((name) => name.endsWith('.md')).map((name) => posix.join('docs', name))];
  return [
    ...pages
      .filter((path) => existsSync(join(root, path)))
      .flatMap((path) => fromMarkdown(path, readFileSync(join(root, path), 'utf8'))),
    ...[...readTexts(root, 'src')].flatMap(([path, text]) => fromComments(path, text)),
  ];
}

/** The blocks of a page that are fenced as `ts`. One fenced as `ts fragment` is a part of something. */
export function fromMarkdown(path: string, text: string): readonly Example[] {
  return fences(text, 1).map(({ line, code, info }) => ({ path, line, code, whole: info !== 'fragment' }));
}

/** The blocks of a file's doc comments that are fenced as `ts`. */
export function fromComments(path: string, text: string): readonly Example[] {
  const found: Example[] = [];
  for (const comment of text.matchAll(/\/\*\*[\s\S]*?\*\//g)) {
    const line = text.slice(0, comment.index).split('\n').length;
    const prose = comment[0].replace(/^[ \t]*\*(?!\/) ?/gm, '');
    for (const fence of fences(prose, line)) found.push({ path, line: fence.line, code: fence.code, whole: false });
  }
  return found;
}

function fences(text: string, firstLine: number): { line: number; code: string; info: string }[] {
  return [...text.matchAll(/^([ \t]*)```(?:ts|typescript)\b[ \t]*(.*)\n([\s\S]*?)\n[ \t]*```[ \t]*$/gm)].map(
    (match) => {
      const [, indent = '', info = '', code = ''] = match;
      const line = firstLine + text.slice(0, match.index).split('\n').length;
      return { line, info: info.trim(), code: code.replaceAll(new RegExp(`^${indent}`, 'gm'), '') };
    },
  );
}

/** Compiles examples against the source; the answer has the complaints of each, in the same order. */
export function compileExamples(root: string, examples: readonly Example[]): readonly (readonly string[])[] {
  const known = new KnownNames(root);
  const missing = unresolvedNames(examples);
  const texts = new Map<string, string>();
  const paths = examples.map((example, index) => {
    // Beside the file it explains, so that it finds packages and neighbours just as that file does.
    const path = posix.join(root, posix.dirname(example.path), `.example-${index}.ts`);
    const imports = example.whole ? '' : known.importsFor(example, missing[index] ?? []);
    // On one line with the first of the example, so that line numbers stay true.
    texts.set(path, `${imports}${example.code}\nexport {};\n`);
    return path;
  });
  const program = ts.createProgram({
    rootNames: paths,
    options: optionsFor(root),
    host: hostWith(texts, optionsFor(root)),
  });
  return paths.map((path, index) => {
    const file = program.getSourceFile(path);
    if (file === undefined) return ['it was not compiled'];
    const complaints = [...program.getSyntacticDiagnostics(file), ...program.getSemanticDiagnostics(file)];
    const { path: place, line } = examples[index] ?? { path: '', line: 0 };
    return complaints.map(({ start = 0, messageText }) => {
      const at = line + file.getLineAndCharacterOfPosition(start).line;
      return `${place}:${at} ${ts.flattenDiagnosticMessageText(messageText, '\n')}`;
    });
  });
}

/** The names of each example that it neither declares nor imports; globals of the platform are among them. */
function unresolvedNames(examples: readonly Example[]): readonly ReadonlySet<string>[] {
  const texts = new Map(examples.map(({ code }, index) => [`/${index}.ts`, `${code}\nexport {};\n`]));
  const options: ts.CompilerOptions = { noLib: true, noResolve: true, types: [], target: ts.ScriptTarget.ES2022 };
  const program = ts.createProgram({ rootNames: [...texts.keys()], options, host: hostWith(texts, options) });
  return [...texts.keys()].map((path) => {
    const names = new Set<string>();
    const file = program.getSourceFile(path);
    for (const { code, start = 0, length = 0 } of program.getSemanticDiagnostics(file)) {
      // "Cannot find name", its variants with a suggestion, and the one for `{ name }`.
      if ([2304, 2552, 2503, 2580, 2582, 2583, 2584, 18004].includes(code)) {
        names.add(file?.text.slice(start, start + length) ?? '');
      }
    }
    return names;
  });
}

/** Where names come from that an example uses without saying so; the first place that has one wins. */
class KnownNames {
  private readonly exports = new Map<string, ReadonlySet<string>>();

  constructor(private readonly root: string) {}

  importsFor(example: Example, names: Iterable<string>): string {
    const isSource = example.path.startsWith('src/');
    const places = [
      ...(isSource ? [example.path, posix.join(posix.dirname(example.path), 'index.ts')] : []),
      ...entryPoints(this.root).map(sourceOf),
      'spec/docs/prelude.ts',
    ];
    return [...names]
      .map((name) => {
        const place = places.find((path) => this.namesOf(path).has(name));
        if (place !== undefined)
          return `import { ${name} } from '${posix.join(this.root, place).replace(/\.ts$/, '.js')}'; `;
        if (name === 'z') return "import { z } from 'zod'; ";
        return this.namesOf('node_modules/rxjs/dist/types/index.d.ts').has(name)
          ? `import { ${name} } from 'rxjs'; `
          : '';
      })
      .join('');
  }

  private namesOf(path: string): ReadonlySet<string> {
    let names = this.exports.get(path);
    if (names === undefined) this.exports.set(path, (names = exportedNames(join(this.root, path))));
    return names;
  }
}

function exportedNames(path: string): ReadonlySet<string> {
  const names = new Set<string>();
  if (!existsSync(path)) return names;
  for (const statement of ts.createSourceFile(path, readFileSync(path, 'utf8'), ts.ScriptTarget.ES2022).statements) {
    if (ts.isExportDeclaration(statement) && statement.exportClause && ts.isNamedExports(statement.exportClause)) {
      for (const { name } of statement.exportClause.elements) names.add(name.text);
      continue;
    }
    const modifiers = ts.canHaveModifiers(statement) ? ts.getModifiers(statement) : undefined;
    if (modifiers?.some(({ kind }) => kind === ts.SyntaxKind.ExportKeyword) !== true) continue;
    const declared = ts.isVariableStatement(statement) ? statement.declarationList.declarations : [statement];
    for (const { name } of declared as readonly { readonly name?: ts.Node }[]) {
      if (name !== undefined && ts.isIdentifier(name)) names.add(name.text);
    }
  }
  return names;
}

function optionsFor(root: string): ts.CompilerOptions {
  const { config } = ts.readConfigFile(join(root, 'tsconfig.json'), (path) => readFileSync(path, 'utf8')) as {
    config: { compilerOptions: Record<string, unknown> };
  };
  const { options } = ts.convertCompilerOptionsFromJson(config.compilerOptions, root);
  return {
    ...options,
    // What an example shows is often a value nobody reads, and imports stand where they help the reader.
    noUnusedLocals: false,
    noUnusedParameters: false,
    verbatimModuleSyntax: false,
    module: ts.ModuleKind.ESNext,
    moduleResolution: ts.ModuleResolutionKind.Bundler,
    types: ['node', 'jest'],
    paths: Object.fromEntries(
      entryPoints(root).map((entry) => [`rx-sluice${entry.slice(1)}`, [join(root, sourceOf(entry))]]),
    ),
  };
}

/** As package.json has them: `.`, `./server` and so on. */
export function entryPoints(root: string): readonly string[] {
  const manifest = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as { readonly exports: object };
  return Object.keys(manifest.exports).filter((entry) => !entry.endsWith('.json'));
}

/** `./node` lies in src/node/index.ts, `.` in src/index.ts. */
function sourceOf(entry: string): string {
  return posix.join('src', entry, 'index.ts');
}

/** A compiler host that has some files in memory. */
function hostWith(texts: ReadonlyMap<string, string>, options: ts.CompilerOptions): ts.CompilerHost {
  const host = ts.createCompilerHost(options);
  const { fileExists, getSourceFile, readFile } = host;
  return {
    ...host,
    fileExists: (path) => texts.has(path) || fileExists(path),
    readFile: (path) => texts.get(path) ?? readFile(path),
    getSourceFile: (path, target, ...rest) => {
      const text = texts.get(path);
      return text === undefined ? getSourceFile(path, target, ...rest) : ts.createSourceFile(path, text, target);
    },
  };
}
