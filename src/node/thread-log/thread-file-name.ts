import { ThreadStoreError } from '../../app-server/index.js';

const ID = /^[0-9A-Za-z_-]{1,100}$/;
const FILE = /^thread-((?:=[a-z]|[0-9a-z_-])+)\.jsonl$/;

/**
 * The name of a thread's file. Throws if the id has anything but ASCII letters, digits, `_` and `-`.
 *
 * Where file systems take `a` and `A` for the same, ids do not: a capital is written as `=` and its small letter. The
 * prefix keeps names apart that mean a device on Windows.
 */
export function toThreadFileName(id: string): string {
  if (!ID.test(id)) {
    const shown = JSON.stringify(id.slice(0, 100));
    throw new ThreadStoreError('invalidId', `${shown} is no thread id: 1 to 100 letters, digits, "_" or "-"`);
  }
  return `thread-${id.replace(/[A-Z]/g, (letter) => `=${letter.toLowerCase()}`)}.jsonl`;
}

/** The id a file name stands for; undefined if it is no thread's. */
export function fromThreadFileName(name: string): string | undefined {
  const [, encoded] = FILE.exec(name) ?? [];
  const id = encoded?.replace(/=([a-z])/g, (_, letter: string) => letter.toUpperCase());
  return id !== undefined && ID.test(id) ? id : undefined;
}
