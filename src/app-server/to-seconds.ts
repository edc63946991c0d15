/** The protocol's seconds since 1970. */
export function toSeconds(ms: number): number {
  return Math.floor(ms / 1000);
}
