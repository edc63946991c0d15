import { take } from 'rxjs';

import type { Client } from '../../src/client/client.js';
import type { FakeWire } from '../../src/testing/index.js';
import type { Plain } from '../rules/support.js';

/**
 * Does something while an event is being delivered, and not from within the wire: what arrives meanwhile reaches the
 * client at once, as it does in process, and has to wait there.
 *
 * It uses up number 1. Whoever wants to see events subscribes inside, since somebody listens from then on.
 */
export function insideDelivery({ client, wire }: { client: Client<Plain>; wire: FakeWire }, action: () => void): void {
  wire.receive({ method: 'trial', params: { n: 0 } });
  client.notifications('trial').pipe(take(1)).subscribe(action);
}
