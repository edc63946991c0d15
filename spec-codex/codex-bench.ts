import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { filter, lastValueFrom, type Observable } from 'rxjs';

import {
  type CodexClient,
  type CodexProgram,
  type CodexContract,
  codexWire,
  connectCodex,
  type ConnectCodexOptions,
  findCodexBinary,
  type MockModel,
  type ModelScript,
  startMockModel,
} from '../src/codex/index.js';
import type { Client, ServerRequest, Wire } from '../src/index.js';
import type { SpawnedWire } from '../src/node/index.js';

/** A codex of its own for each spec: nothing of the user's is read or written, and nobody beyond this machine is asked. */
export interface CodexBench {
  /** Stands in for the model. It is closed when the spec is over. */
  readonly startModel: (script?: ModelScript) => Promise<MockModel>;
  /** Describes the program, with a home of its own. */
  readonly program: (model: MockModel) => Required<Omit<CodexProgram, 'args'>>;
  /** Starts it on stdio. */
  readonly spawn: (model: MockModel) => SpawnedWire;
  /** Connects a client, which is shut down when the spec is over. */
  readonly connect: (to: Wire | string, options?: ConnectCodexOptions) => CodexClient;
  /** The folder codex works in. It is gone when the spec is over. */
  readonly folder: () => string;
  /** To be done when the spec is over, the latest first. */
  readonly afterwards: (undo: () => unknown) => void;
}

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

  const program: CodexBench['program'] = ({ config }) => ({
    binary,
    config,
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
    spawn: (model) => {
      const wire = codexWire(program(model));
      undone.push(() => {
        wire.close();
        return lastValueFrom(wire.exited$);
      });
      return wire;
    },
    connect: (to, options = {}) => {
      const client = connectCodex({ ...(typeof to === 'string' ? { url: to } : { wire: to }), ...options });
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
