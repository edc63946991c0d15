import { map, merge, type Observable, Subject } from 'rxjs';

import type { Terminal } from './terminal.js';

/** Whether more may be printed: while the terminal has room for it, and always once nobody waits for it any more. */
export class OutputGate {
  /** Emits when more may be printed. */
  readonly opened$: Observable<void>;
  private readonly left = new Subject<void>();
  private isLeft = false;

  constructor(private readonly terminal: Terminal) {
    this.opened$ = merge(terminal.drained$, this.left).pipe(map(() => undefined));
  }

  isOpen(): boolean {
    return this.isLeft || this.terminal.hasRoom();
  }

  /** Opens it for good: what is still to come is little and must not wait for a reader who does not read. */
  leave(): void {
    this.isLeft = true;
    this.left.next();
  }
}
