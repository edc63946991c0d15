import { concatMap, defer, exhaustMap, filter, ignoreElements, dematerialize, endWith, map, materialize, merge, type Observable, take } from 'rxjs';

import type { SpawnedWire } from '../../node/index.js';
import type { Wire } from '../../protocol/index.js';
import { acceptClients } from '../accept-clients.js';
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
    const { listen } = options;
    if (!isProtected(listen, options)) {
      throw new ProgramError(
        ExitCode.Unprotected,
        `bridge would be open to everybody: it takes --allow-origin or --token-file`,
      );
    }
    const programs = new Programs(options, world);
    return merge(
      openListener(listen, options, world, options.maxClients).pipe(
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
  private readonly running = new Set<SpawnedWire>();

  constructor(
    private readonly options: BridgeOptions,
    private readonly world: World,
  ) {}

  start(client: Wire): void {
    const { running, options, world } = this;
    const { terminal, wires } = world;
    const program = wires.spawn({ command: options.program, args: options.args });
    running.add(program);
    program.stderr$.subscribe((text) => terminal.writeError(text));
    program.closed$.subscribe(({ reason, orderly }) => {
      if (!orderly) terminal.writeError(`rx-sluice: ${options.program}: ${reason}\n`);
    });
    program.exited$.subscribe({ complete: () => running.delete(program) });
    wires.bridge(client, program);
  }

  /** Ends all of them; completes when they have. */
  end(): Observable<never> {
    const programs = [...this.running];
    for (const program of programs) program.close({ reason: 'shutdown', orderly: true });
    return merge(...programs.map(({ exited$ }) => exited$)).pipe(ignoreElements());
  }
}
