import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

import { lastValueFrom } from 'rxjs';

import { askCodex } from '../../../src/codex/codegen/ask-codex.js';
import { isAlive, until } from '../../node/processes.js';
import { bundle, fakeCodex, GOOD, temporaryFolder } from './fixture.js';

describe('askCodex', () => {
  const folder = temporaryFolder();
  const ask = (binary: string, experimental = false): Promise<unknown> =>
    lastValueFrom(askCodex({ binary, experimental }));

  it('has the version and the schemas of the codex it asks', async () => {
    const binary = fakeCodex(folder, 'good', GOOD);
    expect(await ask(binary)).toEqual({ version: '0.169.0', experimental: false, bundle });
  });

  it('asks for what may still change when that is wanted, and leaves no folder behind', async () => {
    const told = join(folder, 'told');
    const binary = fakeCodex(
      folder,
      'telling',
      `if (args[0] !== '--version') require('node:fs').writeFileSync(${JSON.stringify(told)}, JSON.stringify([args, out]));${GOOD}`,
    );
    const asked = (): unknown[] => JSON.parse(readFileSync(told, 'utf8')) as unknown[];
    await ask(binary);
    const [args, out] = asked();
    expect(args).toEqual(['app-server', 'generate-json-schema', '--out', out]);
    expect(existsSync(out as string)).toBe(false);
    await ask(binary, true);
    expect(asked()[0]).toContain('--experimental');
  });

  it.each([
    ['is not there', '/no/such/codex', /^codex cannot be asked: \/no\/such\/codex --version: spawn .*ENOENT$/],
    ['is no codex', `console.log('Python 3.11')`, /other is no codex: asked for its version it says "Python 3.11"$/],
    [
      'fails',
      `if (args[0] !== '--version') { console.error('oh\\nno'); process.exit(2); } ${GOOD}`,
      /other app-server .*: oh$/,
    ],
    ['fails without a word', `process.exit(3)`, /other --version: it ended with 3$/],
    [
      'dies',
      `process.kill(process.pid, 'SIGKILL'); setTimeout(() => {}, 1e6)`,
      /other --version: it ended with SIGKILL$/,
    ],
    ['writes nothing', `console.log('codex-cli 1.2.3-beta')`, /^codex 1\.2\.3-beta wrote no codex_app_server_protocol/],
  ])('says in one line that it %s', async (_, body, message) => {
    const binary = body.startsWith('/') ? body : fakeCodex(folder, 'other', body);
    const error: unknown = await ask(binary).catch((it: unknown) => it);
    expect(error).toMatchObject({ name: 'CodegenError', message: expect.stringMatching(message) });
    expect((error as Error).message).not.toContain('\n');
  });

  it('stops the codex when nobody wants to know any more, and leaves no folder behind', async () => {
    const started = join(folder, 'started');
    const write = `require('node:fs').writeFileSync(${JSON.stringify(started)}, JSON.stringify([process.pid, out]))`;
    const hangs = `if (args[0] === '--version') console.log('codex-cli 1.2.3'); else { ${write}; setTimeout(() => {}, 1e6); }`;
    const subscription = askCodex({ binary: fakeCodex(folder, 'hanging', hangs), experimental: false }).subscribe();
    await until(() => existsSync(started) && readFileSync(started, 'utf8').endsWith(']'));
    const [pid, out] = JSON.parse(readFileSync(started, 'utf8')) as [number, string];
    expect(existsSync(out)).toBe(true);
    subscription.unsubscribe();
    await until(() => !isAlive(pid));
    expect(existsSync(out)).toBe(false);
  });

  it('asks nothing before it is subscribed', async () => {
    const asked = join(folder, 'asked');
    const binary = fakeCodex(
      folder,
      'noting',
      `require('node:fs').writeFileSync(${JSON.stringify(asked)}, ''); ${GOOD}`,
    );
    askCodex({ binary, experimental: false });
    await ask(fakeCodex(folder, 'good', GOOD));
    expect(existsSync(asked)).toBe(false);
    await ask(binary);
    expect(existsSync(asked)).toBe(true);
  });
});
