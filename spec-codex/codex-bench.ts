import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { filter, lastValueFrom, type Observable } from 'rxjs';

import { findCodexBinary } from '../src/codex/binary/find-codex-binary.js';
import { codexContract, type CodexContract } from '../src/codex/codex-contract.js';
import { configArguments } from '../src/codex/config/config-arguments.js';
import type { ModelScript } from '../src/codex/mock-model/model-script.js';
import { type MockModel, startMockModel } from '../src/codex/mock-model/start-mock-model.js';
import { type Client, type ClientOptions, connect, type ServerRequest, type Wire } from '../src/index.js';
import { type SpawnedWire, spawnWire } from '../src/node/index.js';

/** What a codex of a spec is started with. */
export interface CodexProgram {
  readonly command: string;
  readonly args: readonly string[];
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly cwd: string;
}

/** A codex of its own for each spec: nothing of the user's is read or written, and nobody beyond this machine is asked. */
export interface CodexBench {
  /** Stands in for the model. It is closed when the spec is over. */
  readonly startModel: (script?: ModelScript) => Promise<MockModel>;
  /** Describes the program, with a home of its own, the same one each time. */
  readonly program: (model: MockModel, ...args: readonly string[]) => CodexProgram;
  /** Starts it on stdio. */
  readonly spawn: (model: MockModel, ...args: readonly string[]) => SpawnedWire;
  /** Connects a client, which is shut down when the spec is over. */
  readonly connect: (wire: Wire, options?: ClientOptions<CodexContract>) => Client<CodexContract>;
  /** The folder codex works in. It is gone when the spec is over. */
  readonly folder: () => string;
  /** To be done when the spec is over, the latest first. */
  readonly afterwards: (undo: () => unknown) => void;
}

/** How the clients of these specs introduce themselves. */
export const HANDSHAKE = { clientInfo: { name: 'rx-sluice-specs', version: '0.0.0' } };

/** Starts what a spec needs, and ends it after each. */
export function codexBench(): CodexBench {
  const binary = findCodexBinary();
  let undone: (() => unknown)[] = [];
  let home = '';

  beforeEach(() => {
    home = mkdtempSync(join(tmpdir(), 'rx-sluice-codex-'));
  });

  afterEach(async () => {
    for (const undo of undone.reverse()) await undo();
    undone = [];
    // What has just been killed may still be writing there.
    rmSync(home, { recursive: true, force: true, maxRetries: 10 });
  });

  const program: CodexBench['program'] = (model, ...args) => ({
    command: binary,
    args: ['app-server', ...configArguments(model.config), ...args],
    env: { PATH: process.env['PATH'], HOME: home, CODEX_HOME: home, RUST_LOG: 'error', NO_COLOR: '1' },
    cwd: home,
  });
  return {
    startModel: async (script) => {
      const model = await startMockModel(script && { script });
      undone.push(() => model.close());
      return model;
    },
    program,
    spawn: (model, ...args) => {
      const wire = spawnWire(program(model, ...args));
      undone.push(() => {
        wire.close();
        return lastValueFrom(wire.exited$);
      });
      return wire;
    },
    connect: (wire, options = {}) => {
      const client = connect(wire, codexContract, { handshake: HANDSHAKE, ...options });
      undone.push(() => lastValueFrom(client.shutdown()));
      return client;
    },
    folder: () => home,
    afterwards: (undo) => undone.push(undo),
  };
}

/** The question whether a command may run. */
export type CommandQuestion = Extract<
  ServerRequest<CodexContract>,
  { readonly method: 'item/commandExecution/requestApproval' }
>;

/** The questions a client is asked about commands; what is open comes first. */
export function commandQuestions(client: Client<CodexContract>): Observable<CommandQuestion> {
  return client.serverRequests$.pipe(
    filter((request): request is CommandQuestion => request.method === 'item/commandExecution/requestApproval'),
  );
}
