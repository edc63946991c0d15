import { catchError, concat, defer, EMPTY, finalize, type Observable, of, type SchedulerLike, throwError } from 'rxjs';

import { ErrorCode, messageOf, RpcError } from '../../protocol/index.js';
import type { Connection, Handlers } from '../../server/index.js';
import type { AppServerContract } from '../app-server-contract.js';
import type { CommandExecParams } from '../schemas/command-exec.js';
import { fromBase64 } from './base64.js';
import type { CommandControl, CommandRunner } from './command-runner.js';
import { type ExecRequest, ExecRun } from './exec-run.js';

/** What `command/exec` may do here. */
export interface ExecOptions {
  /** Runs the commands. Undefined: there are none here. */
  readonly runner: CommandRunner | undefined;
  readonly scheduler: SchedulerLike;
  /** Milliseconds a command may take that says nothing of time. Default 60,000; Infinity for no limit. */
  readonly timeout: number | undefined;
  /** The folder of commands that name none. */
  readonly cwd: string;
}

type ExecMethod = Extract<keyof Handlers<AppServerContract>, `command/exec${string}`>;

/** Bytes told of each stream of a command that says nothing of them. */
const OUTPUT_BYTES = 1_048_576;

/** The size of a terminal whose client does not say. */
const USUAL_SIZE = { rows: 24, cols: 80 };

/**
 * Serves `command/exec` and its companions. A command belongs to the connection that asked for it: no other can write to
 * it, and it ends with the connection.
 *
 * @internal
 */
export function execHandlers(options: ExecOptions): Pick<Handlers<AppServerContract>, ExecMethod> {
  const { runner, scheduler } = options;
  const running = new WeakMap<Connection<AppServerContract>, Map<string, ExecRun>>();

  const controlOf = (connection: Connection<AppServerContract>, processId: string): CommandControl => {
    const control = running.get(connection)?.get(processId)?.control;
    if (control === undefined) throw invalid(`no running command has the process id ${processId}`);
    return control;
  };

  return {
    'command/exec': (params, context) => {
      if (runner === undefined) throw new RpcError(ErrorCode.InvalidRequest, 'this server runs no commands');
      const run = new ExecRun(toRequest(params, options), context, runner, scheduler);
      const processId = params.processId ?? undefined;
      const answer$ = run.answer$.pipe(catchError(refuse));
      if (processId === undefined) return answer$;

      return defer(() => {
        const { connection } = context;
        const named = running.get(connection) ?? new Map<string, ExecRun>();
        if (named.has(processId)) throw invalid(`the process id ${processId} is in use`);
        running.set(connection, named.set(processId, run));
        return answer$.pipe(finalize(() => named.delete(processId)));
      });
    },

    'command/exec/write': ({ processId, deltaBase64, closeStdin }, { connection }) => {
      const control = controlOf(connection, processId);
      const bytes = decode(deltaBase64 ?? '');
      const written = bytes.length === 0 ? EMPTY : control.write(bytes);
      const ended = defer(() => {
        if (closeStdin === true) control.endInput();
        return of({});
      });
      return concat(written, ended).pipe(catchError(refuse));
    },

    'command/exec/resize': ({ processId, size }, { connection }) => {
      controlOf(connection, processId).resize(size);
      return {};
    },

    'command/exec/terminate': ({ processId }, { connection }) => {
      controlOf(connection, processId).terminate();
      return {};
    },
  };
}

function toRequest(params: CommandExecParams, options: ExecOptions): ExecRequest {
  const { command, processId, cwd, env, size, outputBytesCap, timeoutMs } = params;
  const [file = '', ...args] = command;
  const isTerminal = params.tty === true;
  const isStreamed = isTerminal || params.streamStdoutStderr === true;
  const hasInput = isTerminal || params.streamStdin === true;
  const hasNoCap = params.disableOutputCap === true;
  const hasNoTimeout = params.disableTimeout === true;
  if ((isStreamed || hasInput) && !isGiven(processId)) throw invalid('tty and streaming need a processId');
  if (isGiven(size) && !isTerminal) throw invalid('size needs tty');
  if (hasNoCap && isGiven(outputBytesCap)) throw invalid('outputBytesCap and disableOutputCap exclude each other');
  if (hasNoTimeout && isGiven(timeoutMs)) throw invalid('timeoutMs and disableTimeout exclude each other');
  return {
    spec: {
      file,
      args,
      cwd: cwd ?? options.cwd,
      env: env ?? {},
      hasInput,
      terminal: isTerminal ? (size ?? USUAL_SIZE) : undefined,
    },
    streamAs: isStreamed ? (processId ?? undefined) : undefined,
    cap: hasNoCap ? Infinity : (outputBytesCap ?? OUTPUT_BYTES),
    timeout: hasNoTimeout ? Infinity : (timeoutMs ?? options.timeout ?? 60_000),
  };
}

/** A member that may be absent may be `null` too. */
function isGiven(member: unknown): boolean {
  return member !== undefined && member !== null;
}

function decode(deltaBase64: string): Uint8Array {
  try {
    return fromBase64(deltaBase64);
  } catch {
    throw invalid('deltaBase64 is no Base64');
  }
}

/** What went wrong with a command is the client's affair, not a failure of the server. */
function refuse(error: unknown): Observable<never> {
  return throwError(() => new RpcError(ErrorCode.InvalidRequest, messageOf(error)));
}

function invalid(message: string): RpcError {
  return new RpcError(ErrorCode.InvalidParams, message);
}
