import { setTimeout as wait } from 'node:timers/promises';

/** Looks again and again until it is so. Returns false if it never is. */
export async function until(isSo) {
  for (let looks = 0; looks < 600; looks += 1) {
    if (isSo()) return true;
    await wait(50);
  }
  return false;
}
