import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';

const made: string[] = [];

/** A folder that is gone when the file's specs are over. */
export function scratch(): string {
  const folder = mkdtempSync(join(tmpdir(), 'rx-sluice-codex-'));
  made.push(folder);
  return folder;
}

afterAll(() => {
  for (const folder of made.splice(0)) rmSync(folder, { recursive: true, force: true });
});

/** Writes a file that may be run; answers its path. */
export function put(path: string, content: string | Buffer): string {
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, content);
  chmodSync(path, 0o755);
  return path;
}

/** What a native program begins with, here that of Linux. */
export const ELF = Buffer.from('7f454c4602010100', 'hex');

/** Installs what npm would: the package with its wrapper, and the platform's own beside it. */
export function install(folder: string, platform = 'linux-x64', triple = 'x86_64-unknown-linux-musl') {
  const root = join(folder, 'node_modules/@openai/codex');
  const wrapper = put(join(root, 'bin/codex.js'), '#!/usr/bin/env node\n');
  put(join(root, 'package.json'), '{"name":"@openai/codex"}');
  put(join(folder, `node_modules/@openai/codex-${platform}/package.json`), `{"name":"@openai/codex-${platform}"}`);
  const program = put(join(folder, `node_modules/@openai/codex-${platform}/vendor/${triple}/bin/codex`), ELF);
  return { root, wrapper, program };
}
