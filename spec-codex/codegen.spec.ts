import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { lastValueFrom, toArray } from 'rxjs';

import { compile, load } from '../spec/codex/codegen/generated.js';
import { USES } from '../spec/codex/codegen/uses.js';
import { findCodexBinary } from '../src/codex/binary/find-codex-binary.js';
import type { CodexContract } from '../src/codex/codex-contract.js';
import { writeCodexContract } from '../src/codex/codegen/write-codex-contract.js';
import { configArguments } from '../src/codex/config/config-arguments.js';
import { startMockModel } from '../src/codex/mock-model/start-mock-model.js';
import { turn } from '../src/codex/turn/turn.js';
import { connect } from '../src/index.js';
import { spawnWire } from '../src/node/index.js';

/** What a contract and its use may cost a compiler: a fifth of what is promised, and three times of what it is. */
const MOST_INSTANTIATIONS = 100_000;

describe.each([
  ['what is stable', false],
  ['what may still change', true],
])('the contract of a real codex, with %s', (_, experimental) => {
  const binary = findCodexBinary();
  const folder = mkdtempSync(join(tmpdir(), 'rx-sluice-contract-'));
  afterAll(() => rmSync(folder, { recursive: true, force: true, maxRetries: 10 }));

  it('is written, knows the result of every request, and compiles as strictly as can be', async () => {
    const { paths, rawResults } = await lastValueFrom(writeCodexContract({ binary, out: folder, experimental }));
    expect(rawResults).toEqual([]);
    const uses = join(folder, 'uses.ts');
    writeFileSync(uses, USES);
    writeFileSync(join(folder, 'package.json'), '{"type":"module"}');
    const { errors, instantiations } = compile([...paths, uses]);
    expect(errors).toEqual([]);
    expect(instantiations).toBeLessThan(MOST_INSTANTIATIONS);
  });

  it('fits what that codex says, word for word', async () => {
    const { codexContract } = load(folder) as { readonly codexContract: CodexContract };
    const home = mkdtempSync(join(folder, 'home-'));
    const model = await startMockModel();
    const wire = spawnWire({
      command: binary,
      args: ['app-server', ...configArguments(model.config), '--disable', 'plugins'],
      env: { PATH: process.env['PATH'], HOME: home, CODEX_HOME: home, RUST_LOG: 'error', NO_COLOR: '1' },
      cwd: home,
    });
    const handshake = {
      clientInfo: { name: 'rx-sluice-spec', version: '0' },
      ...(experimental && { capabilities: { experimentalApi: true } }),
    };
    const codex = connect(wire, codexContract, { handshake });
    const complaints: unknown[] = [];
    const unknown: unknown[] = [];
    codex.diagnostics$.subscribe((diagnostic) => complaints.push(diagnostic));
    codex.events$.subscribe((event) => {
      if (event.type === 'unknown') unknown.push(event);
    });
    try {
      const { thread } = await codex.call('thread/start', { ephemeral: true });
      const events = await lastValueFrom(turn(codex, thread.id, 'hello').pipe(toArray()));
      expect(events.at(-1)).toMatchObject({ method: 'turn/completed', params: { turn: { status: 'completed' } } });
      await codex.call('model/list', {});
      await codex.call('config/read', {});
      expect([complaints, unknown]).toEqual([[], []]);
    } finally {
      await lastValueFrom(codex.shutdown());
      await model.close();
    }
  });
});
