import type { Writable } from 'node:stream';

import { Observable, type SchedulerLike } from 'rxjs';

import type { CommandControl } from '../app-server/index.js';
import { killProcessTree } from './kill-process-tree.js';

/**
 * What can be done to a process without a terminal.
 *
 * @internal
 */
export class ProcessControl implements CommandControl {
  constructor(
    private readonly pid: number,
    private readonly stdin: Writable | null,
    private readonly grace: number,
    private readonly scheduler: SchedulerLike,
  ) {}

  write(bytes: Uint8Array): Observable<never> {
    return new Observable((subscriber) => {
      if (this.stdin === null) {
        subscriber.error(new Error('the command was started without an input'));
        return;
      }
      this.stdin.write(bytes, (error) => {
        if (error === null || error === undefined) subscriber.complete();
        else subscriber.error(new Error(`the command takes no more input: ${error.message}`, { cause: error }));
      });
    });
  }

  endInput(): void {
    this.stdin?.end();
  }

  resize(): void {
    // Nothing to resize.
  }

  terminate(): void {
    killProcessTree(this.pid, { grace: this.grace, scheduler: this.scheduler }).subscribe();
  }
}
