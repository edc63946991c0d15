import type { Contract, Diagnostic } from '../protocol/index.js';

/** What to say of a server whose handshake tells another version than the contract was made for. */
export function compareVersions({ version: expected, handshake }: Contract, result: unknown): Diagnostic | undefined {
  if (expected === undefined || handshake?.version === undefined) return undefined;
  try {
    const actual = handshake.version(result);
    return actual === undefined || actual === expected ? undefined : { type: 'versionMismatch', expected, actual };
  } catch (error) {
    return { type: 'callbackFailed', method: handshake.request, error };
  }
}
