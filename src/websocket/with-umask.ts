import { isMainThread } from 'node:worker_threads';

/**
 * Does something synchronous that makes a file which must not have these rights even for a moment.
 *
 * The umask is the whole process's, and a worker thread may not set it: there it stays as it is.
 */
export function withUmask(mask: number, work: () => void): void {
  if (!isMainThread) {
    work();
    return;
  }
  const before = process.umask(mask);
  try {
    work();
  } finally {
    process.umask(before);
  }
}
