import { spawn } from 'node:child_process';
import type { Readable, Writable } from 'node:stream';

import { merge, Observable, type SchedulerLike, Subscription } from 'rxjs';

import { guardTree } from './guard-tree.js';
import { killProcessTree } from './kill-process-tree.js';
import { sendSignal } from './process-tree.js';

/** Where a process writes. */
export type OutputName = 'stdout' | 'stderr';

/** What to run, and how it is ended. */
export interface ProcessOptions<O> {
  readonly file: string;
  readonly args: readonly string[];
  readonly cwd: string;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Milliseconds between SIGTERM and SIGKILL. */
  readonly grace: number;
  readonly scheduler: SchedulerLike;
  /** Whether it gets an input; without one its input has ended already. Default false. */
  readonly hasInput?: boolean;
  /** Reads one of its streams until that has ended. */
  readonly read: (stream: Readable, name: OutputName) => Observable<O>;
}

/** What a process does. `exited` is the last, after all of the output. */
export type ProcessEvent<O> =
  | { readonly type: 'started'; readonly pid: number; readonly stdin: Writable | null }
  | { readonly type: 'output'; readonly output: O }
  | { readonly type: 'exited'; readonly code: number | null; readonly signal: NodeJS.Signals | null };

/**
 * Runs a process as the leader of a process group of its own.
 *
 * It ends together with everything it has started: on unsubscription, when it exits by itself and leaves something
 * behind in its group, and when this process ends, however it does.
 *
 * - On error: it could not be started. - On unsubscribe: SIGTERM, after `grace` SIGKILL, in the background.
 *
 * @internal
 */
export function runProcess<O>(options: ProcessOptions<O>): Observable<ProcessEvent<O>> {
  const { file, args, cwd, env, grace, scheduler, hasInput = false, read } = options;
  return new Observable((subscriber) => {
    const child = spawn(file, args, {
      cwd,
      env,
      detached: true,
      stdio: [hasInput ? 'pipe' : 'ignore', 'pipe', 'pipe'],
    });
    child.on('error', (error) => {
      subscriber.error(error);
    });
    const { pid, stdin, stdout, stderr } = child;
    // It could not be started: the error is on its way.
    if (pid === undefined || stdout === null || stderr === null) return;
    // Whoever writes is told; a program that ended early must not bring this one down.
    stdin?.on('error', () => {});

    const streams = [stdout, stderr];
    const release = guardTree(pid, grace);
    const kill = (): void => {
      killProcessTree(pid, { grace, scheduler }).subscribe({ complete: release });
    };

    let exited: ProcessEvent<O> | undefined;
    let isDrained = false;
    const lastWait = new Subscription();
    const endWhenDone = (): void => {
      if (exited === undefined || !isDrained) return;
      subscriber.next(exited);
      subscriber.complete();
    };
    // Something that has left the group may hold the pipe open; what it writes is not waited for.
    const stopWaiting = (): void => {
      lastWait.add(
        scheduler.schedule(function () {
          if (streams.some((stream) => stream.isPaused())) this.schedule(undefined, grace);
          else for (const stream of streams) stream.destroy();
        }, grace),
      );
    };
    child.on('exit', (code, signal) => {
      exited = { type: 'exited', code, signal };
      if (sendSignal(-pid, 0)) kill();
      else release();
      if (subscriber.closed) return;
      stopWaiting();
      endWhenDone();
    });

    subscriber.add(() => {
      lastWait.unsubscribe();
      for (const stream of [stdin, ...streams]) stream?.destroy();
      if (exited === undefined) kill();
    });
    subscriber.next({ type: 'started', pid, stdin });
    subscriber.add(
      merge(read(stdout, 'stdout'), read(stderr, 'stderr')).subscribe({
        next: (output) => {
          subscriber.next({ type: 'output', output });
        },
        complete: () => {
          isDrained = true;
          endWhenDone();
        },
      }),
    );
  });
}
