import { brandGuard } from './brand.js';
import type { Issue } from './check-schema.js';

const BRAND = Symbol.for('rx-sluice.DecodeError');

/** The peer answered, but the answer does not fit the method's result schema. */
export class DecodeError extends Error {
  override readonly name = 'DecodeError';

  constructor(
    readonly method: string,
    /** Where and how the answer differs from the schema. */
    readonly issues: readonly Issue[],
    /** The answer as it came. */
    readonly value: unknown,
  ) {
    super(
      `${method}: the answer does not fit its schema: ${issues.map(({ path, message }) => `${path.join('.') || '(root)'} ${message}`).join('; ')}`,
    );
    Object.defineProperty(this, BRAND, { value: true });
  }
}

/** Recognises a {@link DecodeError}, also one of another copy of this package. */
export const isDecodeError = brandGuard<DecodeError>(BRAND);
