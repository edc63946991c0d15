import {
  catchError,
  concat,
  concatMap,
  defer,
  EMPTY,
  endWith,
  filter,
  ignoreElements,
  map,
  merge,
  type Observable,
  of,
  type SchedulerLike,
  take,
  takeWhile,
  tap,
} from 'rxjs';

import { type Agent, type AppServerContract, createAppServer } from '../app-server/index.js';
import { isLagError, isLagged, type Lagged } from '../backpressure/index.js';
import type { Client, ClientEvent } from '../client/index.js';
import { startInProcess } from '../in-process/index.js';
import { deliveryOf } from '../protocol/index.js';
import { askOnTerminal } from './approval-prompt.js';
import type { CliOptions } from './cli-options.js';
import { ExitCode } from './exit-code.js';
import { Printer } from './printer.js';
import { addsUp, summaryLines } from './report-lines.js';
import { SlowReader } from './slow-reader.js';
import type { Terminal } from './terminal.js';

type Event = ClientEvent<AppServerContract>;

/**
 * Runs one command as a turn of a server in this process, shows it to a slow reader, and emits the exit code.
 *
 * - On interrupt: the turn is interrupted, what waits for the reader is given up and counted, and the server is shut
 * down in order. - On unsubscribe: the server is shut down.
 */
export function runCommand(
  options: CliOptions,
  terminal: Terminal,
  agent: Agent,
  scheduler: SchedulerLike,
): Observable<ExitCode> {
  return defer(() => {
    const { cwd } = terminal;
    const server = createAppServer({ agent, scheduler, cwd, sessionSource: 'cli', userAgent: 'rx-sluice-cli' });
    const client = startInProcess(server, {
      scheduler,
      handshake: { clientInfo: { name: 'rx-sluice-cli', version: '0.1.0' } },
    });
    client.handle('item/commandExecution/requestApproval', ({ command }) =>
      (options.yes ? of('accept' as const) : askOnTerminal(terminal, command)).pipe(map((decision) => ({ decision }))),
    );
    return new CommandRun(options, terminal, client, scheduler).exitCode$();
  });
}

class CommandRun {
  private readonly printer: Printer;
  private readonly reader: SlowReader<Event>;
  private readonly startedAt: number;
  /** What ended the run before the turn did. */
  private cutShort: ExitCode | undefined;

  constructor(
    private readonly options: CliOptions,
    private readonly terminal: Terminal,
    private readonly client: Client<AppServerContract>,
    private readonly scheduler: SchedulerLike,
  ) {
    this.startedAt = scheduler.now();
    this.printer = new Printer(terminal);
    const { pace, capacity, overflow, conflate } = options;
    const rules = deliveryOf<Event>(client.contract);
    const sizeOf = (event: Event): number => deltaOf(event)?.length ?? 0;
    this.reader = new SlowReader({ scheduler, pace, capacity, overflow, conflate, rules, sizeOf });
  }

  exitCode$(): Observable<ExitCode> {
    const { client } = this;
    return client.request('thread/start', { cwd: this.terminal.cwd }).pipe(
      concatMap(({ thread }) => this.turn(thread.id)),
      catchError((error: unknown) => {
        this.cutShort ??= isLagError(error) ? ExitCode.Overflowed : ExitCode.TurnFailed;
        this.printer.line((error as Error).message, 'bad');
        return EMPTY;
      }),
      ignoreElements(),
      endWith(undefined),
      tap(() => {
        for (const line of summaryLines(this.reader.counts, this.scheduler.now() - this.startedAt))
          this.printer.line(line, 'note');
      }),
      concatMap(() => client.shutdown()),
      map(({ graceful, aborted, elapsed }) => {
        this.printer.line(`shutdown: ${graceful ? 'graceful' : `${aborted} handlers aborted`}, ${elapsed} ms`, 'note');
        return this.toExitCode();
      }),
    );
  }

  private turn(threadId: string): Observable<never> {
    const { client, reader, printer } = this;
    const events$ = client.scoped(threadId).pipe(
      // Ends the source, not the view: what waits is still shown, and the counts are complete.
      takeWhile((event) => isLagged(event) || event.method !== 'turn/completed', true),
    );
    const shown$ = reader.read(events$).pipe(
      tap((event: Event | Lagged) => {
        printer.show(event);
      }),
    );
    const input = [{ type: 'text', text: this.options.command }];
    let turnId: string | undefined;
    const started$ = client.request('turn/start', { threadId, input }).pipe(
      tap(({ turn }) => {
        turnId = turn.id;
      }),
    );
    const stopped$ = merge(
      this.terminal.interrupts$.pipe(map(() => ExitCode.Interrupted)),
      this.terminal.unread$.pipe(map(() => ExitCode.Success)),
    ).pipe(
      take(1),
      concatMap((exitCode) => {
        this.cutShort ??= exitCode;
        // The turn may have ended while its output still waited to be shown.
        const interrupted$ = turnId === undefined ? EMPTY : client.request('turn/interrupt', { threadId, turnId });
        const hurried$ = defer(() => {
          reader.hurry();
          return EMPTY;
        });
        return concat(interrupted$.pipe(catchError(() => EMPTY)), hurried$);
      }),
    );
    return merge(shown$.pipe(ignoreElements(), endWith('shown' as const)), started$, stopped$).pipe(
      filter((value) => value === 'shown'),
      take(1),
      ignoreElements(),
    );
  }

  private toExitCode(): ExitCode {
    if (!addsUp(this.reader.counts)) return ExitCode.Miscounted;
    if (this.cutShort !== undefined) return this.cutShort;
    const { turn, command } = this.printer;
    if (turn?.status === 'interrupted' || command?.status === 'declined') return ExitCode.Declined;
    if (turn?.status !== 'completed') return ExitCode.TurnFailed;
    return command === undefined || command.status === 'completed' ? ExitCode.Success : ExitCode.CommandFailed;
  }
}

function deltaOf(event: Event): string | undefined {
  if (event.type !== 'notification') return undefined;
  const { params } = event;
  return 'delta' in params && typeof params.delta === 'string' ? params.delta : undefined;
}
