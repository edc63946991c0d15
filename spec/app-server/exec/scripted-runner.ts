import { EMPTY, Observable, Subject, throwError } from 'rxjs';

import type { CommandControl, CommandEvent, CommandRunner, CommandSpec } from '../../../src/app-server/index.js';

/** A runner in the hands of the spec: it does what it is told with the command started last, and notes what is done to it. */
export class ScriptedRunner {
  spec: CommandSpec | undefined;
  readonly done: string[] = [];
  isRunning = false;
  takesInput = true;
  private events = new Subject<CommandEvent>();

  readonly run: CommandRunner = (spec, writable$) =>
    new Observable((subscriber) => {
      this.spec = spec;
      this.isRunning = true;
      this.events = new Subject();
      subscriber.add(writable$.subscribe((is) => this.done.push(is ? 'read' : 'pause')));
      subscriber.add(() => (this.isRunning = false));
      subscriber.next({ type: 'started', control: this.control });
      return this.events.subscribe(subscriber);
    });

  private readonly control: CommandControl = {
    write: (bytes) => {
      if (!this.takesInput) return throwError(() => new Error('the command takes no more input'));
      this.done.push(`write ${new TextDecoder().decode(bytes)}`);
      return EMPTY;
    },
    endInput: () => this.done.push('end'),
    resize: ({ cols, rows }) => this.done.push(`resize ${cols}x${rows}`),
    terminate: () => this.done.push('terminate'),
  };

  out(text: string | Uint8Array, stream: 'stdout' | 'stderr' = 'stdout'): void {
    const bytes = typeof text === 'string' ? new TextEncoder().encode(text) : text;
    this.events.next({ type: 'output', stream, bytes });
  }

  exit(exitCode: number): void {
    this.events.next({ type: 'exited', exitCode });
    this.events.complete();
  }

  fail(message: string): void {
    this.events.error(new Error(message));
  }
}
