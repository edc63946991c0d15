import { brandGuard } from '../protocol/index.js';

const BRAND = Symbol.for('rx-sluice.LagError');

/**
 * A consumer fell too far behind and nothing more may be given up: `overflow: 'error'` met a full buffer, the budget
 * for lossless events is used up, or {@link failOnLag} met a marker.
 *
 * It ends one subscription, never the source. Recognise it with {@link isLagError}.
 */
export class LagError extends Error {
  override readonly name = 'LagError';

  /**
   * @param skipped Count of events that could not be held, or that the marker told of; 0 if it could not tell how many.
   * @param capacity The limit that was met; undefined if the loss happened in an earlier stage.
   * @param held What the limit counts, for the message.
   */
  constructor(
    readonly skipped: number,
    readonly capacity?: number,
    held: 'droppable' | 'lossless' = 'droppable',
  ) {
    super(explain(skipped, capacity, held));
    Object.defineProperty(this, BRAND, { value: true });
  }
}

/** Recognises a {@link LagError}, also one made by another copy of this package. */
export const isLagError = brandGuard<LagError>(BRAND);

function explain(skipped: number, capacity: number | undefined, held: 'droppable' | 'lossless'): string {
  if (capacity === undefined) {
    return `${skipped > 0 ? skipped : 'some'} events were lost here: reload what they changed`;
  }
  return held === 'lossless'
    ? `the budget of ${capacity} lossless events is used up: consume faster, or raise losslessCapacity`
    : `the buffer of ${capacity} events is full: consume faster, raise capacity, or let some drop`;
}
