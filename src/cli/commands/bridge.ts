import {
  concatMap,
  defer,
  dematerialize,
  endWith,
  exhaustMap,
  filter,
  ignoreElements,
  map,
  materialize,
  merge,
  type Observable,
  take,
} from 'rxjs';

import { codexContract } from '../../codex/index.js';
import type { SpawnedWire } from '../../node/index.js';
import type { Wire } from '../../protocol/index.js';
import { type Bridge, bridge as relay } from '../../transports/index.js';
import { acceptClients } from '../accept-clients.js';
import { diagnosticLine } from '../diagnostic-line.js';
import { ExitCode } from '../exit-code.js';
import { isProtected, openListener } from '../open-listener.js';
import type { BridgeOptions } from '../options/bridge-options.js';
import { ProgramError } from '../program-error.js';
import type { World } from '../world.js';

/**
 * Starts a program for each client that connects, relays between the two, and emits the exit code when that is over.
 *
 * - Ends: on interrupt; when it cannot listen. The clients are told, and it waits until their programs have ended.
 */
export function bridge(options: BridgeOptions, world: World): Observable<ExitCode> {
  return defer(() => {
    const { listen, maxClients } = options;
    if (!isProtected(listen, options)) {
      throw new ProgramError(
        ExitCode.Unprotected,
        `${options.program} would be open to everybody: that takes --allow-origin or --token-file`,
      );
    }
    const programs = new Programs(options, world);
    return merge(
      openListener(listen, options, world, maxClients).pipe(
        concatMap((listener) => acceptClients(listener, world.terminal, (client) => programs.start(client))),
        // An error is an end like any other.
        materialize(),
      ),
      world.terminal.interrupts$.pipe(
        map(() => ExitCode.Success),
        materialize(),
      ),
    ).pipe(
      filter(({ kind }) => kind !== 'C'),
      exhaustMap((end) => programs.end().pipe(endWith(end))),
      dematerialize(),
      take(1),
    );
  });
}

/** The programs that run, one for each client. */
class Programs {
  private readonly running = new Map<SpawnedWire, Bridge>();
  private isEnded = false;

  constructor(
    private readonly options: BridgeOptions,
    private readonly world: World,
  ) {}

  start(client: Wire): void {
    if (this.isEnded) {
      client.close({ reason: 'shutdown', orderly: true });
      return;
    }
    const { running, options, world } = this;
    const program = world.wires.spawn({ command: options.program, args: options.args });
    // The words of codex; what is no word of its passes all the same, and counts as lossless.
    const connection = relay(client, program, codexContract);
    const say = (text: string): void => world.terminal.writeError(`rx-sluice: ${options.program}: ${text}\n`);
    running.set(program, connection);
    program.exited$.subscribe({ complete: () => running.delete(program) });
    program.stderr$.subscribe((text) => world.terminal.writeError(text));
    connection.diagnostics$.subscribe((diagnostic) => say(`${diagnostic.from}: ${diagnosticLine(diagnostic)}`));
    connection.closed$.subscribe(({ reason, orderly }) => {
      if (!orderly) say(reason);
    });
  }

  /** Ends all of them; completes when they have. */
  end(): Observable<never> {
    this.isEnded = true;
    const ended = [...this.running].map(([program, connection]) => {
      connection.close('shutdown');
      return program.exited$;
    });
    return merge(...ended).pipe(ignoreElements());
  }
}
