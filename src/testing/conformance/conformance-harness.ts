import type { Wire } from '../../protocol/index.js';

/**
 * What a kind of wire can show beyond what all can.
 *
 * - `sink`: it backs up. `send` returns `false` when the other side does not read, and `writable$` tells when it does.
 * - `reason`: the reason of an end reaches the other side.
 * - `kill`: the far side can be ended without a word; see {@link ConformanceLink.kill}.
 */
export type ConformanceAbility = 'sink' | 'reason' | 'kill';

/** A wire that is open, with a conformance server at its other end. */
export interface ConformanceLink {
  /** The client's end. */
  readonly wire: Wire;
  /** Ends the far side without a word: kill -9, a cable that is cut. */
  readonly kill?: () => void;
  /** Frees what was made for this link, once the case is over and the wire closed. */
  readonly dispose?: () => unknown;
}

/** What the author of a wire writes to have it tried. */
export interface ConformanceHarness {
  /** Of the wire, for titles and messages. */
  readonly name: string;
  /** Default none. */
  readonly abilities?: readonly ConformanceAbility[];
  /** Opens a wire with {@link startConformanceServer} at its other end; called anew for each case. */
  connect(): ConformanceLink | PromiseLike<ConformanceLink>;
}
