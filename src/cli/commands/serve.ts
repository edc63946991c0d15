import {
  concat,
  concatMap,
  defer,
  dematerialize,
  EMPTY,
  exhaustMap,
  filter,
  map,
  materialize,
  merge,
  type Observable,
  take,
  tap,
} from 'rxjs';

import { type AppServerContract, createAppServer } from '../../app-server/index.js';
import type { Server } from '../../server/index.js';
import { acceptClients } from '../accept-clients.js';
import { diagnosticLine } from '../diagnostic-line.js';
import { ExitCode } from '../exit-code.js';
import { keptThreads } from '../kept-threads.js';
import { isProtected, openListener } from '../open-listener.js';
import type { ServeOptions } from '../options/serve-options.js';
import { ProgramError } from '../program-error.js';
import type { World } from '../world.js';

const EXPOSED = 'every program on this machine may connect and run commands; --token-file prevents that\n';

/**
 * Serves the app server on stdio or to those who connect, and emits the exit code when that is over.
 *
 * - Ends: with its input on stdio; on interrupt; when it cannot listen.
 * - Then: running turns are interrupted, open questions failed and the connections closed, all within five seconds.
 */
export function serve(options: ServeOptions, world: World): Observable<ExitCode> {
  return defer(() => {
    const { agent, scheduler, terminal, platform } = world;
    const kept = options.store === undefined ? undefined : keptThreads(options.store, terminal);
    const server = createAppServer({
      agent,
      scheduler,
      platform,
      cwd: terminal.cwd,
      ...(kept && { store: kept.store, home: kept.home }),
    });
    server.diagnostics$.subscribe((diagnostic) => terminal.writeError(`rx-sluice: ${diagnosticLine(diagnostic)}\n`));
    return merge(
      // An error is an end like any other.
      concat(kept?.opened$ ?? EMPTY, serveClients(server, options, world)).pipe(materialize()),
      terminal.interrupts$.pipe(
        map(() => ExitCode.Success),
        materialize(),
      ),
    ).pipe(
      filter(({ kind }) => kind !== 'C'),
      // Clients stay connected until they have been told.
      exhaustMap((end) =>
        server.shutdown().pipe(
          tap(({ graceful, aborted }) => {
            if (!graceful) terminal.writeError(`rx-sluice: shutdown: ${aborted} handlers aborted\n`);
          }),
          map(() => end),
        ),
      ),
      dematerialize(),
      take(1),
    );
  });
}

/** Serves until that ends by itself. */
function serveClients(
  server: Server<AppServerContract>,
  { listen, ...options }: ServeOptions,
  { terminal, wires }: World,
): Observable<ExitCode> {
  return defer(() => {
    if (listen.type !== 'stdio') {
      return openListener(listen, options, { terminal, wires }).pipe(
        tap(() => {
          if (!isProtected(listen, options)) terminal.writeError(EXPOSED);
        }),
        concatMap((listener) => acceptClients(listener, terminal, (wire) => server.attach(wire))),
      );
    }
    return server.attach(wires.stdio()).closed$.pipe(
      map(({ reason, orderly }) => {
        if (!orderly) throw new ProgramError(ExitCode.Unavailable, reason);
        return ExitCode.Success;
      }),
    );
  });
}
