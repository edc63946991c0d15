import { createHash, timingSafeEqual } from 'node:crypto';

/**
 * Whether two tokens are the same, in a time that tells nothing of either.
 *
 * Their hashes are compared, since what is compared in constant time has to be of one length.
 */
export function sameToken(one: string, other: string): boolean {
  return timingSafeEqual(hash(one), hash(other));
}

function hash(token: string): Buffer {
  return createHash('sha256').update(token).digest();
}
