import { randomUUID } from 'node:crypto';
import { join } from 'node:path';

import { ThreadStoreError } from '../../app-server/index.js';
import type { LogFiles } from './log-files.js';
import { isRunning, type ProcessIdentity, thisProcess } from './process-identity.js';

/** The right to write in a folder. */
export interface FolderLock {
  /** Who held it before and died. */
  readonly takenFrom: ProcessIdentity | undefined;
  release(): Promise<void>;
}

/**
 * Takes the lock of a folder, also from a process that has died with it. Errors if a living one has it.
 *
 * A lock is a numbered file that names its holder; the highest number counts. The next number is taken by whoever can
 * make that file, which is one. The highest is never removed, so no number is ever given out twice, and nobody can take
 * away a lock they only believe to be dead: that is what goes wrong when two find the same dead file and both delete it.
 *
 * @internal
 */
export async function lockFolder(files: LogFiles, folder: string): Promise<FolderLock> {
  for (;;) {
    const highest = await highestLock(files, folder);
    const holder = highest === 0 ? undefined : await readHolder(files, lockPath(folder, highest));
    if (holder === 'gone') continue;
    if (holder !== undefined && isRunning(holder)) throw lockedError(folder, lockPath(folder, highest), holder);
    const mine = highest + 1;
    if (!(await make(files, folder, mine))) continue;
    if ((await highestLock(files, folder)) > mine) {
      // Somebody has had this number long ago, and others after them.
      await files.remove(lockPath(folder, mine));
      continue;
    }
    await removeOlder(files, folder, mine);
    // Emptied, which works on a full disk too.
    return { takenFrom: holder, release: () => files.write(lockPath(folder, mine), Buffer.of()) };
  }
}

const LOCK = /^lock-(\d+)$/;
const TEMPORARY = /^lock-.*\.tmp$/;

const lockPath = (folder: string, number: number): string => join(folder, `lock-${number}`);

async function highestLock(files: LogFiles, folder: string): Promise<number> {
  const numbers = (await files.names(folder)).map((name) => Number(LOCK.exec(name)?.[1] ?? 0));
  return numbers.reduce((highest, number) => Math.max(highest, number), 0);
}

/** Makes the file with its content in one step, so that nobody reads a lock that does not say whose it is. */
async function make(files: LogFiles, folder: string, number: number): Promise<boolean> {
  const temporary = join(folder, `lock-${randomUUID()}.tmp`);
  try {
    await files.write(temporary, Buffer.from(JSON.stringify(thisProcess())));
    await files.link(temporary, lockPath(folder, number));
    return true;
  } catch (error) {
    // Taken by another; or another has it already and has tidied up.
    if (isCode(error, 'EEXIST') || isCode(error, 'ENOENT')) return false;
    throw error;
  } finally {
    await files.remove(temporary);
  }
}

async function readHolder(files: LogFiles, path: string): Promise<ProcessIdentity | 'gone' | undefined> {
  try {
    const value = JSON.parse(Buffer.from(await files.read(path)).toString()) as Partial<ProcessIdentity> | null;
    const { host, pid, started = null } = value ?? {};
    return typeof host === 'string' && typeof pid === 'number' && pid > 0 ? { host, pid, started } : undefined;
  } catch (error) {
    if (isCode(error, 'ENOENT')) return 'gone';
    // It came to be with its content, so it was released since, or the machine has lost power.
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}

async function removeOlder(files: LogFiles, folder: string, mine: number): Promise<void> {
  for (const name of await files.names(folder)) {
    const number = LOCK.exec(name)?.[1];
    if (TEMPORARY.test(name) || (number !== undefined && Number(number) < mine)) await files.remove(join(folder, name));
  }
}

function lockedError(folder: string, file: string, { host, pid }: ProcessIdentity): ThreadStoreError {
  const message = `process ${pid} on ${host} has ${folder} open; if it is known to be gone, delete ${file}`;
  return new ThreadStoreError('locked', message);
}

function isCode(error: unknown, code: string): boolean {
  return (error as NodeJS.ErrnoException | null)?.code === code;
}
