import { join } from 'node:path';

import { put, scratch } from './binary/fake-package.js';

/**
 * A program that answers as codex does, as far as these specs need: `config/read` tells how it was started,
 * `thread/archive` ends it with code 3. Node runs it: it takes the first argument, `app-server`, for a script.
 */
const SCRIPT = `
  process.stderr.write('hello from ' + process.pid + '\\n');
  const out = (message) => process.stdout.write(JSON.stringify(message) + '\\n');
  require('node:readline').createInterface({ input: process.stdin }).on('line', (line) => {
    const { id, method, params } = JSON.parse(line);
    if (id === undefined) return;
    if (method === 'thread/archive') process.exit(3);
    if (method === 'initialize') out({ id, result: { userAgent: params.clientInfo.name + '/0.169.0 (fake)', told: params } });
    else out({ id, result: { config: { args: process.argv.slice(2), cwd: process.cwd(), home: process.env.CODEX_HOME } } });
  });
`;

/** Where to start one: the options for `connectCodex`. */
export function fakeCodex(): { readonly binary: string; readonly cwd: string } {
  const cwd = scratch();
  put(join(cwd, 'app-server'), SCRIPT);
  return { binary: process.execPath, cwd };
}
