import {
  catchError,
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
  takeUntil,
  tap,
} from 'rxjs';

import { isLagError, type Lagged, paceMap } from '../../backpressure/index.js';
import type { Client } from '../../client/index.js';
import { deliveryOf, isTransportError } from '../../protocol/index.js';
import { answerQuestions } from '../answer-questions.js';
import { codexServer } from '../codex-server.js';
import { errorWords } from '../error-words.js';
import { ExitCode } from '../exit-code.js';
import { heldUpWire } from '../held-up-wire.js';
import { endLine, eventLine } from '../json-lines.js';
import { OneTurn } from '../one-turn.js';
import type { ExecOptions, ServerChoice } from '../options/exec-options.js';
import { OutputGate } from '../output-gate.js';
import { ownServer } from '../own-server.js';
import type { PeerContract, PeerEvent } from '../peer.js';
import { Printer } from '../printer.js';
import { remoteServer } from '../remote-server.js';
import { TurnOutcome } from '../turn-outcome.js';
import type { World } from '../world.js';

/** Events that may wait for the output: growing text is folded before any of it is given up. */
const WAITING = 1_024;

/**
 * Runs one turn, prints what it says, and emits the exit code.
 *
 * A server of its own is held up while nobody reads what is printed; another one's text is folded meanwhile.
 *
 * - On interrupt: the turn is interrupted, and its end is still printed.
 */
export function exec(options: ExecOptions, world: World): Observable<ExitCode> {
  return defer(() => {
    const gate = new OutputGate(world.terminal);
    return clientOf(options.server, world, gate).pipe(
      concatMap((client) => {
        answerQuestions(client, options.yes, world.terminal);
        return new Execution(options, world, client, gate).exitCode$();
      }),
    );
  });
}

function clientOf(server: ServerChoice, world: World, gate: OutputGate): Observable<Client<PeerContract>> {
  switch (server.type) {
    case 'own':
      return of(ownServer(world, (wire) => heldUpWire(wire, gate)));
    case 'connect':
      return remoteServer(server, world);
    case 'codex':
      return defer(() => {
        const { client, wire } = codexServer(server, world);
        wire.stderr$.subscribe((text) => world.terminal.writeError(text));
        return of(client);
      });
  }
}

class Execution {
  private readonly outcome: TurnOutcome;
  private readonly printer: Printer;
  /** What ended it before the turn did, and why. */
  private cutShort: ExitCode | undefined;
  private error: string | null = null;

  constructor(
    private readonly options: ExecOptions,
    private readonly world: World,
    private readonly client: Client<PeerContract>,
    private readonly gate: OutputGate,
  ) {
    const { terminal } = world;
    this.outcome = new TurnOutcome(options.server.type === 'own');
    this.printer = new Printer(terminal, (text) => terminal.writeError(text));
  }

  exitCode$(): Observable<ExitCode> {
    const { client } = this;
    return this.threadId$().pipe(
      concatMap((threadId) => this.turn(threadId)),
      catchError((error: unknown) => {
        this.cutShort ??= exitCodeOf(error, this.outcome);
        this.error = errorWords(error);
        return EMPTY;
      }),
      ignoreElements(),
      endWith(undefined),
      concatMap(() => client.shutdown()),
      map(() => this.end()),
    );
  }

  /** Of a thread that was started, unless that is interrupted. */
  private threadId$(): Observable<string> {
    const { client, world, options } = this;
    // A server elsewhere has folders of its own.
    const folder = options.server.type === 'connect' ? {} : { cwd: world.terminal.cwd };
    return client.request('thread/start', folder).pipe(
      map(({ thread }) => thread.id),
      takeUntil(world.terminal.interrupts$.pipe(tap(() => (this.cutShort = ExitCode.Interrupted)))),
    );
  }

  private turn(threadId: string): Observable<never> {
    const { client, world, outcome, options } = this;
    const { terminal } = world;
    const turn = new OneTurn(client, threadId, options.input);
    const printed$ = turn.events$.pipe(
      tap((event) => outcome.note(event)),
      paceMap((event: PeerEvent) => this.print(event), {
        capacity: WAITING,
        ...deliveryOf<PeerEvent>(client.contract),
      }),
      tap((gap) => this.print(gap)),
    );
    const stopped$ = merge(
      terminal.interrupts$.pipe(map(() => ExitCode.Interrupted)),
      terminal.unread$.pipe(map(() => ExitCode.Success)),
    ).pipe(
      take(1),
      concatMap((exitCode) => {
        this.cutShort ??= exitCode;
        this.gate.leave();
        return turn.interrupt();
      }),
    );
    return merge(printed$.pipe(materialize()), stopped$).pipe(dematerialize(), ignoreElements());
  }

  /** Prints it, and completes when there is room for more. */
  private print(event: PeerEvent | Lagged): Observable<never> {
    const { terminal } = this.world;
    if (this.options.json) terminal.write(eventLine(event));
    else this.printer.show(event);
    return this.gate.isOpen() ? EMPTY : this.gate.opened$.pipe(take(1), ignoreElements());
  }

  private end(): ExitCode {
    const { outcome, error, printer } = this;
    const exitCode = this.cutShort ?? outcome.exitCode;
    const { status } = outcome;
    if (this.options.json) this.world.terminal.write(endLine({ status, error, exitCode }));
    else if (error !== null) printer.line(error, 'bad');
    else if (exitCode !== ExitCode.Success) printer.line(outcome.line, 'bad');
    return exitCode;
  }
}

function exitCodeOf(error: unknown, outcome: TurnOutcome): ExitCode {
  if (isLagError(error)) return ExitCode.Overflowed;
  return isTransportError(error) && outcome.status === null ? ExitCode.Unavailable : ExitCode.TurnFailed;
}
