import { Subject } from 'rxjs';

import type { CloseInfo, Inbound, Message, Wire } from '../../src/protocol/index.js';

/** A wire that goes on after its end, as no wire should: whoever reads it must not rely on its manners. */
export class UndeadWire implements Wire {
  readonly inbound$ = new Subject<Inbound>();
  readonly writable$ = new Subject<void>();
  readonly closed$ = new Subject<CloseInfo>();
  readonly sent: Message[] = [];

  send(message: Message): boolean {
    this.sent.push(message);
    return true;
  }

  close(info: CloseInfo = { reason: 'gone', orderly: true }): void {
    this.closed$.next(info);
  }
}
