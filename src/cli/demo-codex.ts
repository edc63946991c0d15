import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { concatMap, EMPTY, Observable, type Subscriber, switchMap } from 'rxjs';

import type { Client } from '../client/index.js';
import type { MockModel } from '../codex/index.js';
import { codexServer } from './codex-server.js';
import { demoModel } from './demo-model.js';
import type { PeerContract } from './peer.js';
import type { World } from './world.js';

/**
 * Starts the real codex with a mock model on this machine, and emits its client: nothing of the user's codex is read or
 * written, and nobody beyond this machine is asked.
 *
 * - On unsubscribe: the model hangs up, and codex's home is removed once codex has ended.
 */
export function demoCodex(
  { binary, command }: { readonly binary: string | undefined; readonly command: string },
  world: World,
): Observable<Client<PeerContract>> {
  return world.wires
    .mockModel(demoModel(command))
    .pipe(
      switchMap(
        (model) => new Observable<Client<PeerContract>>((subscriber) => start(model, binary, world, subscriber)),
      ),
    );
}

function start(
  model: MockModel,
  binary: string | undefined,
  world: World,
  subscriber: Subscriber<Client<PeerContract>>,
): void {
  const home = mkdtempSync(join(tmpdir(), 'rx-sluice-codex-'));
  const leave = (): void => rmSync(home, { recursive: true, force: true, maxRetries: 5 });
  subscriber.add(() => void model.close());
  try {
    const env = { CODEX_HOME: home, RUST_LOG: 'error' };
    const { client, wire } = codexServer({ binary, config: model.config, env }, world);
    subscriber.add(() => wire.exited$.subscribe({ complete: leave }));
    // It has a lot to say about a home that is not a user's, which matters only when it fails.
    wire.closed$
      .pipe(concatMap(({ orderly }) => (orderly ? EMPTY : wire.stderr$)))
      .subscribe((text) => world.terminal.writeError(text));
    subscriber.next(client);
  } catch (error) {
    leave();
    subscriber.error(error);
  }
}
