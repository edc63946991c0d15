import { asyncScheduler } from 'rxjs';

import type { Wire } from '../../protocol/index.js';
import type { TrialClient } from './trial.js';

/** Messages that are read slowly, before the reader hurries. */
const SLOW = 300;

/**
 * Reads one message in each turn of the event loop for a while, where the wire can be paused: a hundred times slower than
 * a server sends, however busy the machine is.
 */
export function readSlowly(wire: Wire, client: TrialClient): void {
  let left = SLOW;
  client.events$.subscribe({
    next: () => {
      if (wire.pause === undefined || left === 0) return;
      left -= 1;
      wire.pause();
      asyncScheduler.schedule(() => wire.resume?.());
    },
    // Those who are asked say it.
    error: () => undefined,
  });
}
