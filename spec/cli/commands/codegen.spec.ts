import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { lastValueFrom, toArray } from 'rxjs';

import { runProgram } from '../../../src/cli/run-program.js';
import { fakeCodex, GOOD } from '../../codex/codegen/fixture.js';
import { isAlive, until } from '../../node/processes.js';
import { fakeTerminal } from '../fake-terminal.js';
import { fakeWorld, type FakeWorld } from '../fake-world.js';

describe('codegen', () => {
  let folder: string;
  let world: FakeWorld;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'rx-sluice-spec-'));
    world = fakeWorld({ terminal: { ...fakeTerminal(), cwd: folder } });
  });
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  const codegen = (...args: readonly string[]): Promise<readonly number[]> =>
    lastValueFrom(runProgram(['codegen', ...args], world).pipe(toArray()));

  it('writes the contract of a codex and says so in one line', async () => {
    fakeCodex(folder, 'codex', GOOD);
    expect(await codegen('--codex', './codex', '--out', 'gen')).toEqual([0]);
    expect(world.terminal.out()).toBe(
      `codex 0.169.0: 20 methods in ${['contract', 'schemas', 'types'].map((name) => join('gen', `${name}.ts`)).join(', ')}\n`,
    );
    expect(world.terminal.errors()).toBe('');
    expect(readdirSync(join(folder, 'gen'))).toHaveLength(3);
  });

  it.each([
    ['is not there', undefined, 'codex cannot be asked'],
    ['is no codex', 'console.log("hello")', 'is no codex'],
    ['fails', 'process.exit(1)', 'it ended with 1'],
    ['writes no schemas', `console.log('codex-cli 0.1.0')`, 'codex 0.1.0 wrote no'],
    [
      'writes what cannot be read',
      `if (args[0] === '--version') console.log('codex-cli 9.9.9');
       else require('node:fs').writeFileSync(out + '/codex_app_server_protocol.schemas.json', '{}');`,
      'the schemas of codex 9.9.9 cannot be read: the schema has no definitions',
    ],
  ])('ends with 6 and one line when the codex %s', async (_, body, message) => {
    if (body !== undefined) fakeCodex(folder, 'codex', body);
    expect(await codegen('--codex', './codex', '--out', 'gen')).toEqual([6]);
    expect(world.terminal.errors()).toMatch(/^rx-sluice: [^\n]*\n$/);
    expect(world.terminal.errors()).toContain(message);
    expect([world.terminal.out(), existsSync(join(folder, 'gen'))]).toEqual(['', false]);
  });

  it('ends with 6 when a file of somebody else is in the way', async () => {
    fakeCodex(folder, 'codex', GOOD);
    writeFileSync(join(folder, 'types.ts'), 'mine');
    expect(await codegen('--codex', './codex', '--out', '.')).toEqual([6]);
    expect(world.terminal.errors()).toMatch(/types\.ts was not generated and is left as it is/);
  });

  it('ends with the interrupt, and the codex with it', async () => {
    const pid = join(folder, 'pid');
    const hang = `require('node:fs').writeFileSync(${JSON.stringify(pid)}, process.pid + '\\n'); setTimeout(() => {}, 1e6);`;
    fakeCodex(folder, 'codex', hang);
    const ended = codegen('--codex', './codex', '--out', 'gen');
    await until(() => existsSync(pid) && readFileSync(pid, 'utf8').endsWith('\n'));
    world.terminal.interrupt();
    expect(await ended).toEqual([130]);
    await until(() => !isAlive(Number(readFileSync(pid, 'utf8'))));
  });
});
