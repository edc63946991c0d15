import { type FileHandle, link, mkdir, open, readdir, rename, rm, stat, writeFile } from 'node:fs/promises';

import type { LogFile, LogFiles } from './log-files.js';

/**
 * The file system of this machine. What it makes is for its owner's eyes only, as conversations are.
 *
 * @internal
 */
export const nodeLogFiles: LogFiles = {
  // Positions are ours to choose, so neither mode appends by itself.
  open: async (path, mode) => toLogFile(await open(path, mode === 'create' ? 'wx+' : 'r+', 0o600)),
  read: (path, from = 0) =>
    using(path, async (file) => {
      const { size } = await file.stat();
      const bytes = new Uint8Array(Math.max(0, size - from));
      let length = 0;
      while (length < bytes.length) {
        const { bytesRead } = await file.read(bytes, length, bytes.length - length, from + length);
        if (bytesRead === 0) break;
        length += bytesRead;
      }
      return bytes.subarray(0, length);
    }),
  size: async (path) => (await stat(path)).size,
  names: (folder) => readdir(folder),
  makeFolder: (folder) => mkdir(folder, { recursive: true, mode: 0o700 }),
  // Windows opens no folder, and keeps its names without being asked.
  syncFolder: async (folder) => {
    if (process.platform !== 'win32') await using(folder, (file) => file.sync());
  },
  write: (path, bytes) => writeFile(path, bytes, { mode: 0o600 }),
  rename,
  link,
  remove: (path) => rm(path, { force: true }),
};

async function using<T>(path: string, work: (file: FileHandle) => Promise<T>): Promise<T> {
  const file = await open(path, 'r');
  try {
    return await work(file);
  } finally {
    await file.close();
  }
}

function toLogFile(file: FileHandle): LogFile {
  return {
    size: async () => (await file.stat()).size,
    write: async (bytes, position) => (await file.write(bytes, 0, bytes.length, position)).bytesWritten,
    truncate: (size) => file.truncate(size),
    sync: () => file.datasync(),
    close: () => file.close(),
  };
}
