import type { Diagnostic } from '../protocol/index.js';

/** A diagnostic as one line: its kind, what it is about, and why. */
export function diagnosticLine(diagnostic: Diagnostic): string {
  const about = 'method' in diagnostic && diagnostic.method !== undefined ? [diagnostic.method] : [];
  return [diagnostic.type, ...about, ...details(diagnostic)].join(': ').replaceAll(/\s+/g, ' ');
}

function details(diagnostic: Diagnostic): readonly string[] {
  if ('error' in diagnostic && diagnostic.error !== undefined) return [wordsOf(diagnostic.error)];
  if ('reason' in diagnostic) return [diagnostic.reason];
  if ('budget' in diagnostic) return [diagnostic.budget];
  return 'id' in diagnostic ? [`id ${String(diagnostic.id)}`] : [];
}

/** An error may be one of the peer's, which is no `Error` here. */
function wordsOf(error: unknown): string {
  return typeof error === 'object' && error !== null && 'message' in error ? String(error.message) : String(error);
}
