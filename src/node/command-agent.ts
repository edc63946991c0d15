import {
  asyncScheduler,
  catchError,
  concat,
  concatMap,
  defer,
  filter,
  from,
  map,
  type Observable,
  of,
  type SchedulerLike,
  tap,
} from 'rxjs';

import {
  type Agent,
  type AgentEvent,
  type ApprovalDecision,
  type ItemOutcome,
  type TurnContext,
} from '../app-server/index.js';
import { childOutput } from './child-output.js';
import { runProcess } from './run-process.js';
import { toExitCode } from './to-exit-code.js';

/** How commands are run. */
export interface CommandAgentOptions {
  /** The program that gets `-c` and the command. Default `/bin/sh`. */
  readonly shell?: string;
  /** The environment of the commands. Default: this process's own. */
  readonly env?: Readonly<Record<string, string | undefined>>;
  /** Returns true for a command that may run without the user being asked. Default: all are asked about. */
  readonly approve?: (command: string) => boolean;
  /** Milliseconds an interrupted command has to end by itself before it is killed. Default 2,000. */
  readonly killGrace?: number;
  /** The clock for `killGrace`. Default `asyncScheduler`. */
  readonly scheduler?: SchedulerLike;
}

/**
 * An agent whose input is a shell command: it asks, runs it as a real process, and shows what that writes.
 *
 * Output comes line by line, stdout and stderr as they arrive, at the speed of the command: what a reader cannot take,
 * the event lane gives up and counts. Only where the single watcher is on a wire whose sink is full is the command
 * itself held up. A refusal, a failure and an exit code other than 0 end the item; the turn itself completes.
 *
 * **Use it when** you want a terminal behind the protocol, or something that floods on demand.
 *
 * - On unsubscribe (an interrupt): SIGTERM to the command and all it has started, SIGKILL after `killGrace`.
 * - On exit: what the command left behind in its process group is ended too. A program that made itself a session of
 *   its own and outlived its parent is not found.
 * - Platforms: Linux and macOS.
 *
 * @example
 * ```ts
 * const server = createAppServer({ agent: commandAgent({ approve: (command) => command === 'git status' }) });
 * ```
 * @see `createAppServer`, because it runs agents.
 */
export function commandAgent(options: CommandAgentOptions = {}): Agent {
  const { approve = () => false } = options;
  return (turn) =>
    defer(() => {
      const itemId = turn.newItemId();
      const command = turn.text;
      const started: AgentEvent = {
        type: 'itemStarted',
        item: { type: 'commandExecution', id: itemId, command, cwd: turn.cwd },
      };
      const decided = approve(command) ? of<ApprovalDecision>('accept') : turn.requestApproval({ itemId, command });
      const worked = decided.pipe(
        catchError((error: unknown) =>
          of({ refusal: `no usable answer to the question whether it may run: ${(error as Error).message}` }),
        ),
        concatMap((decision) => {
          if (typeof decision === 'object') return from(failed(itemId, decision.refusal));
          const isAccepted = decision === 'accept' || decision === 'acceptForSession';
          return isAccepted ? run(turn, itemId, command, options) : of(completed(itemId, { status: 'declined' }));
        }),
      );
      return concat(of(started), worked);
    });
}

function run(turn: TurnContext, itemId: string, command: string, options: CommandAgentOptions): Observable<AgentEvent> {
  const { shell = '/bin/sh', env = process.env, killGrace = 2_000, scheduler = asyncScheduler } = options;
  const { cwd, writable$ } = turn;
  let processId: string | null = null;
  return runProcess({
    file: shell,
    args: ['-c', command],
    cwd,
    env,
    grace: killGrace,
    scheduler,
    read: (stream) => childOutput(stream, writable$),
  }).pipe(
    tap((event) => {
      if (event.type === 'started') processId = String(event.pid);
    }),
    filter((event) => event.type !== 'started'),
    map((event): AgentEvent => {
      if (event.type === 'output') return { type: 'delta', itemId, delta: event.output };
      return completed(itemId, { exitCode: toExitCode(event), processId });
    }),
    catchError((error: unknown) =>
      from(failed(itemId, `cannot run it with ${shell} in ${cwd}: ${(error as Error).message}`)),
    ),
  );
}

function completed(itemId: string, outcome: ItemOutcome): AgentEvent {
  return { type: 'itemCompleted', itemId, outcome };
}

/** The reason stands where the output would, and as a warning for those who show none. */
function failed(itemId: string, reason: string): readonly AgentEvent[] {
  return [{ type: 'warning', message: reason }, completed(itemId, { status: 'failed', text: reason })];
}
