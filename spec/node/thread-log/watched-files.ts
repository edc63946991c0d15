import { basename } from 'node:path';

import type { LogFile, LogFiles } from '../../../src/node/index.js';
import { nodeLogFiles } from '../../../src/node/thread-log/node-log-files.js';

/** What is done to a file or a folder. */
export type FileDeed = keyof LogFiles | `file.${keyof LogFile}`;

/** An error as Node's file system throws it. */
export const systemError = (code: string): Error =>
  Object.assign(new Error(`${code}: as the spec asked for`), { code });

/** The real file system, counted, and failing where a spec asks for it. */
export class WatchedFiles implements LogFiles {
  /** Each deed and the name of what it was done to, in order. */
  readonly deeds: string[] = [];
  openNow = 0;
  mostOpen = 0;
  /** Throws to make a deed fail before it is done. */
  before: (deed: FileDeed, name: string) => void | Promise<void> = () => undefined;
  /** How many of these bytes a write takes; an error after them if it throws. */
  takes: (bytes: number, name: string) => number = (bytes) => bytes;

  constructor(private readonly files: LogFiles = nodeLogFiles) {}

  count(deed: FileDeed, name?: string): number {
    return this.deeds.filter((done) => (name === undefined ? done.startsWith(`${deed} `) : done === `${deed} ${name}`))
      .length;
  }

  read = (path: string, from?: number): Promise<Uint8Array> => this.do('read', path, () => this.files.read(path, from));
  size = (path: string): Promise<number> => this.do('size', path, () => this.files.size(path));
  names = (path: string): Promise<readonly string[]> => this.do('names', path, () => this.files.names(path));
  makeFolder = (path: string): Promise<string | undefined> =>
    this.do('makeFolder', path, () => this.files.makeFolder(path));
  syncFolder = (path: string): Promise<void> => this.do('syncFolder', path, () => this.files.syncFolder(path));
  write = (path: string, bytes: Uint8Array): Promise<void> =>
    this.do('write', path, () => this.files.write(path, bytes));
  rename = (from: string, to: string): Promise<void> => this.do('rename', to, () => this.files.rename(from, to));
  link = (from: string, to: string): Promise<void> => this.do('link', to, () => this.files.link(from, to));
  remove = (path: string): Promise<void> => this.do('remove', path, () => this.files.remove(path));

  open = (path: string, mode: 'create' | 'write'): Promise<LogFile> =>
    this.do('open', path, async () => {
      const file = await this.files.open(path, mode);
      this.openNow += 1;
      this.mostOpen = Math.max(this.mostOpen, this.openNow);
      return {
        size: () => this.do('file.size', path, () => file.size()),
        write: (bytes, position) =>
          this.do('file.write', path, () => {
            const taken = this.takes(bytes.length, basename(path));
            return file.write(bytes.subarray(0, taken), position);
          }),
        truncate: (size) => this.do('file.truncate', path, () => file.truncate(size)),
        sync: () => this.do('file.sync', path, () => file.sync()),
        close: () => {
          this.openNow -= 1;
          // However it ends, a descriptor is closed.
          return this.do('file.close', path, () => Promise.resolve()).finally(() => file.close());
        },
      };
    });

  private async do<T>(deed: FileDeed, path: string, work: () => Promise<T>): Promise<T> {
    this.deeds.push(`${deed} ${basename(path)}`);
    await this.before(deed, basename(path));
    return work();
  }
}
