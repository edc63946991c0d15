/** The program of the command line, with the real codex. */
import { existsSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { until } from '../spec/node/processes.js';
import type { ModelScript } from '../src/codex/index.js';
import { tomlKey, tomlValue } from '../src/codex/config/toml-value.js';
import { codexBench } from './codex-bench.js';
import { programStarter } from './started-program.js';

const bench = codexBench();
const start = programStarter(bench);

describe('run --codex', () => {
  it('E2: shows a flood of codex as a slow reader sees it, and adds up', async () => {
    const { out, errors, ended } = start('--codex', '--yes', '--pace', '5', '--', 'echo one; echo two; exit 3');
    expect(await ended).toBe(1);
    const [, ...numbers] =
      /^events: ([\d,]+) emitted = ([\d,]+) delivered \+ ([\d,]+) skipped \+ ([\d,]+) conflated$/m.exec(out()) ?? [];
    const [emitted = NaN, delivered = NaN, skipped = NaN, conflated = NaN] = numbers.map((count) =>
      Number(count.replaceAll(',', '')),
    );
    expect(emitted).toBeGreaterThan(20_000);
    expect(emitted).toBe(delivered + skipped + conflated);
    expect(out()).toMatch(/^\$ .*echo one; echo two; exit 3.*\none\ntwo\n/m);
    expect(out()).toContain('\n20000: two\nturn completed: command failed, exit code 3\n');
    expect(errors()).toBe('');
    // The home it had made for codex is gone.
    expect(readdirSync(bench.folder()).filter((name) => name.startsWith('rx-sluice'))).toEqual([]);
  });

  it('S1: runs nothing that nobody accepts', async () => {
    const { out, errors, ended } = start('--codex', '--', 'echo made > made');
    expect(await ended).toBe(3);
    expect(errors()).toMatch(/^declined: there is no terminal to ask on .*; --yes accepts it\n$/);
    expect(out()).toContain('Then not.\nturn completed: command declined\n');
    expect(existsSync(join(bench.folder(), 'made'))).toBe(false);
  });

  it('D1: ends in order with Ctrl-C, in the middle of a command', async () => {
    const { child, out, hasEnded, ended } = start(
      '--codex',
      '--yes',
      '--',
      'while :; do echo it runs; sleep 0.1; done',
    );
    await until(() => out().includes('it runs\n') || hasEnded());
    child.kill('SIGINT');
    expect(await ended).toBe(130);
    expect(out()).toMatch(/turn interrupted.*\nevents: .*\npeak queue: .*\nshutdown: graceful/);
  });
});

describe('exec --codex', () => {
  /** Settings as a user has them: in a file, with a model that happens to be ours. */
  async function configure(script: ModelScript): Promise<void> {
    const { config } = await bench.startModel(script);
    const lines = Object.entries({ ...config, approval_policy: 'on-request', sandbox_mode: 'read-only' }).map(
      ([key, value]) => `${tomlKey(key)} = ${tomlValue(value)}\n`,
    );
    writeFileSync(join(bench.folder(), 'config.toml'), lines.join(''));
  }

  it("asks codex as the user has set it up, and prints the agent's words and nothing else", async () => {
    await configure(({ text, toolOutputs }) => {
      if (toolOutputs.length === 0) return [{ type: 'run', command: 'echo from the command', escalate: true }];
      return [{ type: 'say', pieces: ['You said ', text, '.\n'] }];
    });
    const { out, errors, ended } = start('exec', '--codex', '--yes', 'hello');
    expect(await ended).toBe(0);
    expect(out()).toBe('from the command\nYou said hello.\n');
    expect(errors()).toMatch(/^\$ .*echo from the command.*$/m);
  });

  it('prints an event a line with --json', async () => {
    await configure(() => [{ type: 'say', pieces: ['a', 'b'] }]);
    const { out, ended } = start('exec', '--codex', '--json', 'hello');
    expect(await ended).toBe(0);
    const lines = out()
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line) as { type: string; method?: string; params?: { delta?: string } });
    const deltas = lines.filter(({ method }) => method === 'item/agentMessage/delta');
    expect(deltas.map(({ params }) => params?.delta).join('')).toBe('ab');
    expect(lines.at(-1)).toEqual({ type: 'end', status: 'completed', error: null, exitCode: 0 });
  });

  it('says what failed', async () => {
    await configure(() => [{ type: 'fail', status: 500 }]);
    const { out, errors, ended } = start('exec', '--codex', 'hello');
    expect(await ended).toBe(4);
    expect(out()).toBe('');
    expect(errors()).toMatch(/^error: .+\nturn failed\n$/m);
  });
});
