import type { Observable, SchedulerLike } from 'rxjs';

import { brandGuard, type CloseInfo, type Wire } from '../protocol/index.js';

const BRAND = Symbol.for('rx-sluice.WireSource');

/** Where a client gets one wire after another. Made by `reconnecting`. */
export interface WireSource {
  /** Makes a wire; may throw. */
  readonly connect: () => Wire;
  /** Most attempts in a row. */
  readonly attempts: number;
  /** Milliseconds until the handshake must be answered. */
  readonly timeout: number;
  /** Emits when an attempt is due; completes without a value if none is to be made. */
  readonly due: (lost: CloseInfo, attempt: number, scheduler: SchedulerLike) => Observable<unknown>;
}

/** Puts the mark on a source by which {@link isWireSource} knows it. @internal */
export function toWireSource(source: WireSource): WireSource {
  return Object.defineProperty(source, BRAND, { value: true });
}

/** Tells a source of wires from a wire, also one of another copy of this package. */
export const isWireSource = brandGuard<WireSource>(BRAND);
