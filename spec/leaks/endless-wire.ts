import { ReplaySubject, Subject } from 'rxjs';

import type { CloseInfo, Inbound, Wire } from '../../src/protocol/index.js';

/** A wire that says that it has closed but completes none of its streams, as one written in haste does. */
export function endlessWire(): Wire {
  const closed$ = new ReplaySubject<CloseInfo>(1);
  return {
    inbound$: new Subject<Inbound>(),
    writable$: new Subject<void>(),
    closed$,
    send: () => true,
    close: (info = { reason: 'closed', orderly: true }) => {
      closed$.next(info);
    },
  };
}
