import {
  catchError,
  concat,
  concatMap,
  defer,
  dematerialize,
  EMPTY,
  endWith,
  ignoreElements,
  map,
  materialize,
  merge,
  type Observable,
  of,
  take,
  tap,
} from 'rxjs';

import { isLagError, isLagged, type Lagged } from '../../backpressure/index.js';
import type { Client } from '../../client/index.js';
import { deliveryOf } from '../../protocol/index.js';
import { answerQuestions } from '../answer-questions.js';
import { demoCodex } from '../demo-codex.js';
import { ExitCode } from '../exit-code.js';
import type { RunOptions } from '../options/run-options.js';
import { OneTurn } from '../one-turn.js';
import { ownServer } from '../own-server.js';
import type { PeerContract, PeerEvent } from '../peer.js';
import { Printer } from '../printer.js';
import { addsUp, summaryLines } from '../report-lines.js';
import { SlowReader } from '../slow-reader.js';
import { TurnOutcome } from '../turn-outcome.js';
import type { World } from '../world.js';

/** A codex in its default settings would decide for itself which commands need no question. */
const ASK = { approvalPolicy: 'untrusted', sandbox: 'danger-full-access', ephemeral: true } as const;

/**
 * Runs one command as a turn of a server in this process, or of codex, shows it to a slow reader, and emits the exit code.
 *
 * - On interrupt: the turn is interrupted, what waits for the reader is given up and counted, and the server is shut
 *   down in order.
 */
export function run(options: RunOptions, world: World): Observable<ExitCode> {
  return clientOf(options, world).pipe(
    concatMap((client) => {
      answerQuestions(client, options.yes, world.terminal);
      return new CommandRun(options, world, client).exitCode$();
    }),
    take(1),
  );
}

function clientOf({ codex, command }: RunOptions, world: World): Observable<Client<PeerContract>> {
  return codex === undefined ? defer(() => of(ownServer(world))) : demoCodex({ binary: codex.binary, command }, world);
}

class CommandRun {
  private readonly outcome = new TurnOutcome(true);
  private readonly printer: Printer;
  private readonly reader: SlowReader<PeerEvent>;
  private readonly startedAt: number;
  /** What ended the run before the turn did. */
  private cutShort: ExitCode | undefined;

  constructor(
    private readonly options: RunOptions,
    private readonly world: World,
    private readonly client: Client<PeerContract>,
  ) {
    const { terminal, scheduler } = world;
    this.startedAt = scheduler.now();
    this.printer = new Printer(terminal);
    const { pace, capacity, overflow, conflate } = options;
    const rules = deliveryOf<PeerEvent>(client.contract);
    const sizeOf = (event: PeerEvent): number => deltaOf(event)?.length ?? 0;
    this.reader = new SlowReader({ scheduler, pace, capacity, overflow, conflate, rules, sizeOf });
  }

  exitCode$(): Observable<ExitCode> {
    const { client, options, world } = this;
    const thread = { cwd: world.terminal.cwd, ...(options.codex !== undefined && ASK) };
    return client.request('thread/start', thread).pipe(
      concatMap(({ thread }) => this.turn(thread.id)),
      catchError((error: unknown) => {
        this.cutShort ??= isLagError(error) ? ExitCode.Overflowed : ExitCode.TurnFailed;
        this.printer.line((error as Error).message, 'bad');
        return EMPTY;
      }),
      ignoreElements(),
      endWith(undefined),
      tap(() => {
        for (const line of summaryLines(this.reader.counts, this.world.scheduler.now() - this.startedAt))
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
    const { client, reader, printer, outcome } = this;
    const turn = new OneTurn(client, threadId, this.options.command);
    // What waits when the turn ends is still shown, and the counts are complete.
    const shown$ = reader.read(turn.events$).pipe(
      tap((event: PeerEvent | Lagged) => {
        outcome.note(event);
        printer.show(event);
        if (!isLagged(event) && event.method === 'turn/completed') printer.line(outcome.line, 'note');
      }),
    );
    const stopped$ = merge(
      this.world.terminal.interrupts$.pipe(map(() => ExitCode.Interrupted)),
      this.world.terminal.unread$.pipe(map(() => ExitCode.Success)),
    ).pipe(
      take(1),
      concatMap((exitCode) => {
        this.cutShort ??= exitCode;
        const hurried$ = defer(() => {
          reader.hurry();
          return EMPTY;
        });
        return concat(turn.interrupt(), hurried$);
      }),
    );
    return merge(shown$.pipe(materialize()), stopped$).pipe(dematerialize(), ignoreElements());
  }

  private toExitCode(): ExitCode {
    if (!addsUp(this.reader.counts)) return ExitCode.Miscounted;
    return this.cutShort ?? this.outcome.exitCode;
  }
}

function deltaOf(event: PeerEvent): string | undefined {
  if (event.type !== 'notification') return undefined;
  const { params } = event;
  return 'delta' in params && typeof params.delta === 'string' ? params.delta : undefined;
}
