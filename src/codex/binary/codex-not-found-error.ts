const BRAND = Symbol.for('rx-sluice.CodexNotFoundError');

/** There is no native codex program where it was looked for. */
export class CodexNotFoundError extends Error {
  override readonly name = 'CodexNotFoundError';

  constructor(
    /** The places, in the order they were tried, each with what was found there. */
    readonly looked: readonly string[],
  ) {
    super(
      `no codex program was found; install it with \`npm install @openai/codex\` or name it in \`binary\` or CODEX_BINARY. Looked at:\n${looked
        .map((place) => `  ${place}`)
        .join('\n')}`,
    );
    Object.defineProperty(this, BRAND, { value: true });
  }
}

/** Recognises a {@link CodexNotFoundError}, also one of another copy of this package. */
export function isCodexNotFoundError(value: unknown): value is CodexNotFoundError {
  return typeof value === 'object' && value !== null && (value as Record<symbol, unknown>)[BRAND] === true;
}
