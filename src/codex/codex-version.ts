/** The version of codex that {@link codexContract} was written for and tested with. */
export const CODEX_VERSION = '0.169.0';

/**
 * The version a codex server says it has.
 *
 * It stands in the first word of the user agent, after the name of whichever client spoke to that process first.
 *
 * @param userAgent `userAgent` of an answer to `initialize`.
 * @returns Undefined if it says none: our own app server, for one.
 */
export function codexVersion(userAgent: string): string | undefined {
  return /^[^/]*\/(\d+\.\d+\.\d+(?:[-+.\w]*)?)/.exec(userAgent)?.[1];
}
