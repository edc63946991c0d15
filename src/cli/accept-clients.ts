import { Observable } from 'rxjs';

import type { Wire } from '../protocol/index.js';
import type { WebSocketListener } from '../websocket/index.js';
import { ExitCode } from './exit-code.js';
import { ProgramError } from './program-error.js';
import type { Terminal } from './terminal.js';

/**
 * Says where a listener listens and hands on its clients.
 *
 * - On error: a {@link ProgramError}, when it cannot listen any more, or could not at all.
 * - On unsubscribe: the listener is closed, and with it the clients that are still there.
 */
export function acceptClients(
  listener: WebSocketListener,
  terminal: Terminal,
  attach: (wire: Wire) => void,
): Observable<ExitCode> {
  return new Observable((subscriber) => {
    subscriber.add(listener.listening$.subscribe(({ url }) => terminal.writeError(`listening on ${url}\n`)));
    subscriber.add(listener.wires$.subscribe(attach));
    subscriber.add(
      listener.closed$.subscribe(({ reason, orderly }) => {
        if (orderly) subscriber.next(ExitCode.Success);
        else subscriber.error(new ProgramError(ExitCode.Unavailable, reason));
        subscriber.complete();
      }),
    );
    return () => listener.close('shutdown');
  });
}
