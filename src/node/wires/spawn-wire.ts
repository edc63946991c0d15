import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process';
import { PassThrough } from 'node:stream';

import {
  asyncScheduler,
  BehaviorSubject,
  type Observable,
  ReplaySubject,
  type SchedulerLike,
  Subscription,
} from 'rxjs';

import type { CloseInfo, Wire } from '../../protocol/index.js';
import { childOutput } from '../child-output.js';
import { guardTree } from '../guard-tree.js';
import { killProcessTree } from '../kill-process-tree.js';
import { sendSignal } from '../process-tree.js';
import { StreamChannel, type StreamOptions } from './stream-channel.js';

/** Pieces of stderr a late reader still sees. */
const REPLAYED_PIECES = 256;

/** The program of a {@link spawnWire}. */
export interface SpawnWireOptions extends StreamOptions {
  /** A program's path, or its name on the PATH. No shell reads it. */
  readonly command: string;
  /** Default none. */
  readonly args?: readonly string[];
  /** All of its environment. Default: this process's own, secrets included. */
  readonly env?: Readonly<Record<string, string | undefined>>;
  /** Default: this process's own. */
  readonly cwd?: string;
  /**
   * Milliseconds for each step of the way out: what was sent is written and stdin ended, the program ends by itself,
   * then after SIGTERM. What is left gets SIGKILL. Default 2,000.
   */
  readonly grace?: number;
}

/** How a program ended. */
export interface ProcessExit {
  /** Its exit code; `null` if a signal ended it. */
  readonly code: number | null;
  /** The signal that ended it, if one did. */
  readonly signal: NodeJS.Signals | null;
}

/** A wire to a program that was started for it. */
export interface SpawnedWire extends Wire {
  /** `undefined` if it could not be started. */
  readonly pid: number | undefined;
  /**
   * What it writes to stderr, in pieces that end where lines end. It is read whether anybody subscribes or not; a late
   * subscriber sees the last 256 pieces. Completes with the program.
   */
  readonly stderr$: Observable<string>;
  /** Emits how the program ended, also to late subscribers, and completes; only completes if it was never started. */
  readonly exited$: Observable<ProcessExit>;
}

/**
 * Starts a program and speaks with it over its stdin and stdout.
 *
 * The program and everything it has started end with the wire: stdin is ended first, then come SIGTERM and SIGKILL, to
 * its whole process group. They end with this process too, even if that is killed. Whatever goes wrong at the start is told
 * by `closed$`.
 *
 * ```
 *  close()   ── end stdin ──▶ grace ──▶ SIGTERM ──▶ grace ──▶ SIGKILL
 *                   └── exited: nothing further ──┴── exited ─┘
 * ```
 *
 * **Use it when** an app server is a program. **Rather use** `streamWire` when somebody else started it.
 *
 * - Loses: nothing. A message over `maxMessageBytes` is skipped, and told.
 * - Backs up: above `highWaterMark` bytes that wait to be written, the sink is full. Paused, the program waits in its own
 *   writes.
 * - Ends with: `peer exited with code 1`, `peer was killed by SIGKILL`, `could not start <command>`, `peer closed` when
 *   it closes its stdout and lives on, or what `close` was told.
 *
 * @example
 * ```ts
 * const wire = spawnWire({ command: 'codex', args: ['app-server'] });
 * wire.stderr$.subscribe((text) => process.stderr.write(text));
 * const client = connect(wire, contract);
 * ```
 * @throws TypeError if the framing has no such name.
 */
export function spawnWire(options: SpawnWireOptions): SpawnedWire {
  return new ChildWire(options);
}

class ChildWire implements SpawnedWire {
  readonly pid: number | undefined;
  readonly inbound$: Wire['inbound$'];
  readonly writable$: Wire['writable$'];
  readonly closed$: Wire['closed$'];
  readonly stderr$: Observable<string>;
  readonly exited$: Observable<ProcessExit>;

  private readonly channel: StreamChannel;
  private readonly stderr = new ReplaySubject<string>(REPLAYED_PIECES);
  private readonly exited = new ReplaySubject<ProcessExit>(1);
  private readonly child: ChildProcessWithoutNullStreams | undefined;
  private readonly scheduler: SchedulerLike;
  private readonly grace: number;
  /** Waits for what the program still says or does before its end is told. */
  private readonly lastWait = new Subscription();
  private readonly guards = new Subscription();
  /** What is to be done about the end once the reader goes on, for what was said before it comes first. */
  private overdue: (() => void) | undefined;
  private hasExited = false;
  private isKilling = false;

  constructor(options: SpawnWireOptions) {
    const { command, args = [], env, cwd, ...streams } = options;
    this.grace = options.grace ?? 2_000;
    this.scheduler = options.scheduler ?? asyncScheduler;
    this.stderr$ = this.stderr.asObservable();
    this.exited$ = this.exited.asObservable();
    const failed = (error: unknown): void => {
      this.channel.finish({ reason: `could not start ${command}`, orderly: false, error });
      this.stderr.complete();
      this.exited.complete();
    };
    let failure: unknown;
    try {
      this.child = start(command, args, env, cwd);
    } catch (error) {
      failure = error;
    }
    const { child } = this;
    this.pid = child?.pid;
    this.channel = new StreamChannel(
      // There are none at all if this process has no descriptor left.
      child?.stdout ?? new PassThrough(),
      child?.stdin ?? new PassThrough(),
      streams,
      {
        ended: (info) => this.endSoon(info),
        broken: (info) => this.endSoon(info),
        flushed: () => this.endProgram(),
      },
    );
    ({ inbound$: this.inbound$, writable$: this.writable$, closed$: this.closed$ } = this.channel);
    child?.on('error', failed);
    if (failure !== undefined) failed(failure);
    else if (child?.pid !== undefined) this.watch(child, child.pid);
  }

  send(message: Parameters<Wire['send']>[0]): boolean {
    return this.channel.send(message);
  }

  pause(): void {
    this.channel.pause();
  }

  resume(): void {
    this.channel.resume();
    const { overdue } = this;
    if (overdue === undefined || this.channel.isPaused) return;
    this.overdue = undefined;
    overdue();
  }

  close(info?: CloseInfo): void {
    this.channel.close(info);
  }

  private watch(child: ChildProcessWithoutNullStreams, pid: number): void {
    this.guards.add(guardTree(pid, this.grace));
    // Read to its end whatever anybody does: a program waits in its writes when nobody reads them.
    childOutput(child.stderr, new BehaviorSubject(true)).subscribe(this.stderr);
    child.on('exit', (code, signal) => {
      this.hasExited = true;
      this.exited.next({ code, signal });
      this.exited.complete();
      // What it has started and left behind.
      if (sendSignal(-pid, 0)) this.kill();
      else this.guards.unsubscribe();
      if (this.lastWait.closed) this.destroyStreams();
      else this.endSoon(toCloseInfo(code, signal));
    });
    // All of its output has been read.
    child.on('close', () => {
      const end = (): void => this.channel.finish(toCloseInfo(child.exitCode, child.signalCode));
      if (this.channel.isPaused) this.overdue = end;
      else end();
    });
  }

  /**
   * The end of the program is told by its exit, once all it said has been read; what can keep either from coming is not
   * waited for longer than the grace time. A reader that has paused is.
   */
  private endSoon(info: CloseInfo): void {
    this.lastWait.add(
      this.scheduler.schedule(() => {
        if (this.channel.isPaused) {
          this.overdue ??= () => this.endSoon(info);
          return;
        }
        this.channel.finish(info);
        if (this.hasExited) this.destroyStreams();
      }, this.grace),
    );
  }

  private endProgram(): void {
    this.lastWait.unsubscribe();
    if (this.hasExited) this.destroyStreams();
    else {
      const wait = this.scheduler.schedule(() => this.kill(), this.grace);
      this.exited$.subscribe({ complete: () => wait.unsubscribe() });
    }
  }

  private kill(): void {
    const { pid } = this;
    if (pid === undefined || this.isKilling) return;
    this.isKilling = true;
    killProcessTree(pid, { grace: this.grace, scheduler: this.scheduler }).subscribe({
      complete: () => this.guards.unsubscribe(),
    });
  }

  /** Something the program has started may hold them open. */
  private destroyStreams(): void {
    this.child?.stdout.destroy();
    this.child?.stderr.destroy();
    this.stderr.complete();
  }
}

function start(
  command: string,
  args: readonly string[],
  env: SpawnWireOptions['env'],
  cwd: string | undefined,
): ChildProcessWithoutNullStreams {
  return spawn(command, args, {
    ...(env && { env }),
    ...(cwd !== undefined && { cwd }),
    // A group of its own, to be ended as one.
    detached: process.platform !== 'win32',
    windowsHide: true,
    stdio: ['pipe', 'pipe', 'pipe'],
  });
}

function toCloseInfo(code: number | null, signal: NodeJS.Signals | null): CloseInfo {
  const reason = signal === null ? `peer exited with code ${code}` : `peer was killed by ${signal}`;
  return { reason, orderly: code === 0 };
}
