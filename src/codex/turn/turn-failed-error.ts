import type { TurnOutline } from './turn-contract.js';

const BRAND = Symbol.for('rx-sluice.TurnFailedError');

/**
 * The turn was worked on and failed: the model could not be reached, or refused, or the stream of its answer broke.
 *
 * All events of the turn came before it, `turn/completed` included. The thread can be used again.
 */
export class TurnFailedError extends Error {
  override readonly name = 'TurnFailedError';
  /** The kind of failure as codex names it: a word, or an object with one member. Null if it gave none. */
  readonly codexErrorInfo: unknown;

  constructor(
    readonly threadId: string,
    /** The turn as its end told it. */
    readonly turn: TurnOutline,
  ) {
    super(turn.error?.message ?? `turn ${turn.id} failed`);
    this.codexErrorInfo = turn.error?.codexErrorInfo ?? null;
    Object.defineProperty(this, BRAND, { value: true });
  }
}

/** Recognises a {@link TurnFailedError}, also one of another copy of this package. */
export function isTurnFailedError(value: unknown): value is TurnFailedError {
  return typeof value === 'object' && value !== null && (value as Record<symbol, unknown>)[BRAND] === true;
}
