// `rx-sluice bridge` before `rx-sluice serve`, as a user starts them.
import { spawn, spawnSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';

import { root } from '../entry-points.mjs';

const PROGRAM = join(root, 'dist/esm/cli/main.js');

/** A bridge that lets in pages of one origin which know a token. */
export class Bridge {
  token = randomBytes(24).toString('base64url');
  /** What it has said beside its address. */
  said = [];
  folder = mkdtempSync(join(tmpdir(), 'rx-sluice-browser-'));

  constructor(origin) {
    const tokenFile = join(this.folder, 'token');
    writeFileSync(tokenFile, this.token, { mode: 0o600 });
    const options = ['--listen', 'ws://127.0.0.1:0', '--allow-origin', origin, '--token-file', tokenFile];
    const args = [PROGRAM, 'bridge', ...options, '--', process.execPath, PROGRAM, 'serve'];
    this.program = spawn(process.execPath, args, { stdio: ['ignore', 'ignore', 'pipe'] });
    this.exited = once(this.program, 'close');
  }

  /** Where it listens, once it does. */
  async url() {
    const url = new Promise((resolve) => {
      createInterface(this.program.stderr).on('line', (line) => {
        const [, address] = /^listening on (ws:\S+)$/.exec(line) ?? [];
        if (address === undefined) this.said.push(line);
        else resolve(address);
      });
    });
    const ended = this.exited.then(([code]) => {
      throw new Error(`the bridge ended with ${code}: ${this.said.join('\n')}`);
    });
    return Promise.race([url, ended]);
  }

  /** The processes it has started and that run; those only whose command line has the text, if one is given. */
  programs(text = '') {
    const { stdout, error } = spawnSync('pgrep', ['-P', String(this.program.pid), '-f', text], { encoding: 'utf8' });
    if (error !== undefined) throw error;
    return stdout.split('\n').filter(Boolean).map(Number);
  }

  /** Ends it, and tells its exit code. */
  async stop() {
    this.program.kill('SIGTERM');
    const [code] = await this.exited;
    rmSync(this.folder, { recursive: true });
    return code;
  }
}
