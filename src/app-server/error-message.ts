/** What a thrown value says, also one of another realm, where `instanceof Error` is false. */
export function errorMessage(error: unknown): string {
  return typeof error === 'object' && error !== null && 'message' in error ? String(error.message) : String(error);
}
