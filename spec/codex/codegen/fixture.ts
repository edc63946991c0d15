import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

// Programs are started, and a busy machine takes its time with them.
jest.setTimeout(60_000);

/** The bundle of the small codex; see fixtures/README.md. */
export const bundlePath = join(__dirname, 'fixtures/schemas.json');
export const bundle = readFileSync(bundlePath, 'utf8');

/** A folder of a spec's own; it is removed when the spec file has ended. */
export function temporaryFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'rx-sluice-spec-'));
  afterAll(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

/** Writes a program that stands in for codex: what it does is the body of a script, in which `args` are its arguments. */
export function fakeCodex(folder: string, name: string, body: string): string {
  const path = join(folder, name);
  const head = `#!${process.execPath}\nconst args = process.argv.slice(2);\nconst out = args[args.indexOf('--out') + 1];`;
  writeFileSync(path, `${head}\n${body}\n`, { mode: 0o755 });
  return path;
}

/** What the real one does. */
export const GOOD = `
if (args[0] === '--version') console.log('codex-cli 0.169.0');
else require('node:fs').copyFileSync(${JSON.stringify(bundlePath)}, out + '/codex_app_server_protocol.schemas.json');`;
