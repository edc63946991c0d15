/** The arguments make no sense, and the message says in one line why. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
}
