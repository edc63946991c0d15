import { BehaviorSubject, merge, Observable, type SchedulerLike, Subscription, take, timer } from 'rxjs';

import type { HandlerContext } from '../../server/index.js';
import type { AppServerContract } from '../app-server-contract.js';
import type { CommandExecResult } from '../schemas/command-exec.js';
import { toBase64 } from './base64.js';
import type { CommandControl, CommandEvent, CommandRunner, CommandSpec } from './command-runner.js';
import { OutputCap } from './output-cap.js';

/** The exit code of a command whose time was up, as `timeout` of the coreutils gives it. */
const TIMED_OUT = 124;

/** One command as its client asked for it. */
export interface ExecRequest {
  readonly spec: CommandSpec;
  /** Set if its output is streamed. */
  readonly streamAs: string | undefined;
  /** Bytes told of each stream. */
  readonly cap: number;
  /** Milliseconds; Infinity for none. */
  readonly timeout: number;
}

/**
 * One `command/exec` at work: tells or keeps the output, and emits the answer once the command has exited.
 *
 * A client that takes no more output makes the command wait in its own writes, so nothing of a stream is lost.
 *
 * @internal
 */
export class ExecRun {
  control: CommandControl | undefined;
  private readonly writable = new BehaviorSubject(true);
  private readonly caps: { readonly stdout: OutputCap; readonly stderr: OutputCap };
  private readonly kept: { readonly stdout: Uint8Array[]; readonly stderr: Uint8Array[] } = { stdout: [], stderr: [] };
  private readonly life = new Subscription();
  private isTimedOut = false;

  constructor(
    private readonly request: ExecRequest,
    private readonly context: HandlerContext<AppServerContract>,
    private readonly runner: CommandRunner,
    private readonly scheduler: SchedulerLike,
  ) {
    this.caps = { stdout: new OutputCap(request.cap), stderr: new OutputCap(request.cap) };
  }

  /** Runs the command. Emits the answer and completes. */
  get answer$(): Observable<CommandExecResult> {
    return new Observable((subscriber) => {
      subscriber.add(this.life);
      const { spec, timeout } = this.request;
      if (timeout !== Infinity) {
        this.life.add(
          timer(timeout, this.scheduler).subscribe(() => {
            this.isTimedOut = true;
            this.control?.terminate();
          }),
        );
      }
      this.life.add(
        this.runner(spec, this.writable).subscribe({
          next: (event) => {
            const exitCode = this.follow(event);
            if (exitCode === undefined) return;
            subscriber.next(this.toResult(exitCode));
            subscriber.complete();
          },
          error: (error: unknown) => {
            subscriber.error(error);
          },
          complete: () => {
            subscriber.error(new Error('nobody knows how the command ended'));
          },
        }),
      );
    });
  }

  private follow(event: CommandEvent): number | undefined {
    switch (event.type) {
      case 'started':
        this.control = event.control;
        if (this.isTimedOut) event.control.terminate();
        return undefined;
      case 'output':
        this.tell(event.stream, event.bytes);
        return undefined;
      case 'exited':
        return event.exitCode;
    }
  }

  private tell(stream: 'stdout' | 'stderr', chunk: Uint8Array): void {
    const admitted = this.caps[stream].admit(chunk);
    if (admitted === undefined) return;
    const { bytes, capReached } = admitted;
    const { streamAs } = this.request;
    if (streamAs === undefined) {
      this.kept[stream].push(bytes);
      return;
    }
    const delta = { processId: streamAs, stream, deltaBase64: toBase64(bytes), capReached };
    const sent = this.context.notify('command/exec/outputDelta', delta);
    if (sent !== 'sent' && sent !== 'closed') this.waitForRoom();
  }

  private waitForRoom(): void {
    if (!this.writable.value) return;
    this.writable.next(false);
    const { writable$, closed$ } = this.context.connection;
    this.life.add(
      merge(writable$, closed$)
        .pipe(take(1))
        .subscribe(() => {
          this.writable.next(true);
        }),
    );
  }

  private toResult(exitCode: number): CommandExecResult {
    const { stdout, stderr } = this.kept;
    return { exitCode: this.isTimedOut ? TIMED_OUT : exitCode, stdout: toText(stdout), stderr: toText(stderr) };
  }
}

function toText(chunks: readonly Uint8Array[]): string {
  const decoder = new TextDecoder();
  return chunks.map((chunk) => decoder.decode(chunk, { stream: true })).join('') + decoder.decode();
}
