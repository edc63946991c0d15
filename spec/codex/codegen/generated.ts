import { join } from 'node:path';

import { buildSync } from 'esbuild';
import ts from 'typescript';

const root = join(__dirname, '../../..');

/** What the names a generated contract imports stand for here. */
const ENTRY_POINTS = { 'rx-sluice': join(root, 'src/index.ts'), 'rx-sluice/codex': join(root, 'src/codex/index.ts') };

/** What the compiler says of files. */
export interface Compiled {
  readonly errors: readonly string[];
  /** How many types it had to make of generic ones: what makes an editor slow. */
  readonly instantiations: number;
}

/** Compiles files as strictly as this package itself. */
export function compile(files: readonly string[]): Compiled {
  const { config } = ts.readConfigFile(join(root, 'tsconfig.json'), ts.sys.readFile) as { config: object };
  const { options } = ts.parseJsonConfigFileContent(config, ts.sys, root);
  const program = ts.createProgram([...files], {
    ...options,
    rootDir: '/',
    types: ['node'],
    typeRoots: [join(root, 'node_modules/@types')],
    paths: Object.fromEntries(Object.entries(ENTRY_POINTS).map(([name, path]) => [name, [path]])),
  });
  const errors = files
    .flatMap((file) => {
      const source = program.getSourceFile(file);
      return [...program.getSyntacticDiagnostics(source), ...program.getSemanticDiagnostics(source)];
    })
    .map(({ file, start = 0, messageText }) => {
      const line = file === undefined ? 0 : file.getLineAndCharacterOfPosition(start).line + 1;
      return `${file?.fileName ?? ''}:${line} ${ts.flattenDiagnosticMessageText(messageText, '\n')}`;
    });
  return { errors, instantiations: program.getInstantiationCount() };
}

/** Loads a generated contract. */
export function load(folder: string): Record<string, unknown> {
  const outfile = join(folder, 'contract.cjs');
  buildSync({
    entryPoints: [join(folder, 'contract.ts')],
    bundle: true,
    platform: 'node',
    format: 'cjs',
    outfile,
    alias: ENTRY_POINTS,
    nodePaths: [join(root, 'node_modules')],
    logLevel: 'warning',
  });
  // eslint-disable-next-line @typescript-eslint/no-require-imports -- jest loads no file it does not know by `import()`
  return require(outfile) as Record<string, unknown>;
}
