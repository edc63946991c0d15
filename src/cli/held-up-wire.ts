import type { Wire } from '../protocol/index.js';
import type { OutputGate } from './output-gate.js';

/**
 * A wire that is full while the output is: who reads that slowly then holds up the command that writes it, as a pipe
 * between the two would.
 */
export function heldUpWire(wire: Wire, gate: OutputGate): Wire {
  return {
    ...(wire.local !== undefined && { local: wire.local }),
    inbound$: wire.inbound$,
    closed$: wire.closed$,
    send: (message) => wire.send(message) && gate.isOpen(),
    writable$: gate.opened$,
    close: (info) => wire.close(info),
  };
}
