/** A contract cannot be made or written. The message says in one line why. */
export class CodegenError extends Error {
  override readonly name = 'CodegenError';

  constructor(message: string, options?: { readonly cause?: unknown }) {
    super(message.replaceAll(/\s+/g, ' ').trim(), options);
  }
}
