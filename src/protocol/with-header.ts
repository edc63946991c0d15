import type { ContractWords } from './contract.js';
import type { Wire } from './wire.js';

/**
 * A wire that puts the contract's header on every message sent over it.
 *
 * Messages are made without one, since most of them never leave the process.
 */
export function withHeader(wire: Wire, { header }: ContractWords): Wire {
  if (header === undefined || wire.local === true) return wire;
  return {
    inbound$: wire.inbound$,
    writable$: wire.writable$,
    closed$: wire.closed$,
    send: (message) => wire.send({ ...header, ...message }),
    ...(wire.pause && { pause: () => wire.pause?.() }),
    ...(wire.resume && { resume: () => wire.resume?.() }),
    close: (info) => wire.close(info),
  };
}
