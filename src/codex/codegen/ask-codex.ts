import { execFile } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { concatMap, map, Observable, using } from 'rxjs';

import { messageOf } from '../../protocol/index.js';
import { CodegenError } from './codegen-error.js';
import type { CodexSchemas } from './generate-contract.js';

/** The one of the files codex writes that has all of them in it. */
const BUNDLE = 'codex_app_server_protocol.schemas.json';

/** Which codex to ask, and for what. */
export interface AskCodexOptions {
  /** The path of a program, or of a script that starts it. */
  readonly binary: string;
  /** Methods and events that may still change, too. */
  readonly experimental: boolean;
}

/**
 * Asks a codex for the version it has and the schemas of what it speaks.
 *
 * Nothing else is started, and no login, configuration or network is needed. Codex writes into a folder of its own among
 * the temporary ones, which is gone afterwards.
 *
 * - On error: a {@link CodegenError}: there is no such program, it is no codex, or it fails. - On unsubscribe: the program
 * is killed.
 */
export function askCodex({ binary, experimental }: AskCodexOptions): Observable<CodexSchemas> {
  return using(temporaryFolder, (resource) => {
    const { folder } = resource as ReturnType<typeof temporaryFolder>;
    return outputOf(binary, ['--version']).pipe(
      map((output) => readVersion(binary, output)),
      concatMap((version) => {
        const kinds = experimental ? ['--experimental'] : [];
        return outputOf(binary, ['app-server', 'generate-json-schema', '--out', folder, ...kinds]).pipe(
          map(() => ({ version, experimental, bundle: readBundle(folder, version) })),
        );
      }),
    );
  });
}

function temporaryFolder(): { readonly folder: string; unsubscribe(): void } {
  const folder = mkdtempSync(join(tmpdir(), 'rx-sluice-codegen-'));
  // What was killed may still be writing.
  return { folder, unsubscribe: () => rmSync(folder, { recursive: true, force: true, maxRetries: 3 }) };
}

/** Runs a program to its end and emits what it wrote. */
function outputOf(file: string, args: readonly string[]): Observable<string> {
  return new Observable<string>((subscriber) => {
    const child = execFile(file, args, { encoding: 'utf8' }, (error, stdout, stderr) => {
      if (error === null) {
        subscriber.next(stdout);
        subscriber.complete();
        return;
      }
      const [complaint = ''] = stderr.split('\n').filter((line) => line.trim() !== '');
      const reason =
        typeof error.code === 'string'
          ? error.message
          : complaint || `it ended with ${error.code ?? error.signal ?? 'nothing'}`;
      subscriber.error(
        new CodegenError(`codex cannot be asked: ${[file, ...args].join(' ')}: ${reason}`, { cause: error }),
      );
    });
    // It has nothing to read.
    child.stdin?.end();
    return () => child.kill('SIGKILL');
  });
}

function readVersion(binary: string, output: string): string {
  const [, version] = /^codex\S* (\d+\.\d+\.\d+\S*)\s*$/.exec(output) ?? [];
  if (version === undefined)
    throw new CodegenError(`${binary} is no codex: asked for its version it says "${output.slice(0, 80).trim()}"`);
  return version;
}

function readBundle(folder: string, version: string): string {
  try {
    return readFileSync(join(folder, BUNDLE), 'utf8');
  } catch (error) {
    throw new CodegenError(`codex ${version} wrote no ${BUNDLE}: ${messageOf(error)}`, { cause: error });
  }
}
