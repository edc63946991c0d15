/** A file that is open for writing. */
export interface LogFile {
  /** Bytes it has now. */
  size(): Promise<number>;
  /** Writes at a place and says how many bytes it took: perhaps fewer than it was given. */
  write(bytes: Uint8Array, position: number): Promise<number>;
  /** Cuts off what is beyond this many bytes. */
  truncate(size: number): Promise<void>;
  /** Resolves once the content, and the size with it, would survive a loss of power. */
  sync(): Promise<void>;
  /** Gives the file back to the system. */
  close(): Promise<void>;
}

/**
 * What a store on disk asks of a file system. Failures are Node's: errors with a `code`.
 *
 * @see {@link fileThreadStore}, whose `files` option takes one: to count what it does, or to let it fail.
 */
export interface LogFiles {
  /** `create` makes the file and fails with `EEXIST` if there is one; `write` fails with `ENOENT` if there is none. */
  open(path: string, mode: 'create' | 'write'): Promise<LogFile>;
  /** The content from a byte on. */
  read(path: string, from?: number): Promise<Uint8Array>;
  /** Bytes of a file. */
  size(path: string): Promise<number>;
  /** The names of all files of a folder. */
  names(folder: string): Promise<readonly string[]>;
  /** Makes a folder and those above it. Resolves to the topmost one it made, or undefined if all were there. */
  makeFolder(folder: string): Promise<string | undefined>;
  /** Resolves once the names in a folder would survive a loss of power. */
  syncFolder(folder: string): Promise<void>;
  /** Writes a whole file that need not survive a loss of power. */
  write(path: string, bytes: Uint8Array): Promise<void>;
  /** Takes the other's place in one step, if there is one. */
  rename(from: string, to: string): Promise<void>;
  /** A second name for a file; fails with `EEXIST` if it is taken. */
  link(from: string, to: string): Promise<void>;
  /** Deletes a file. */
  remove(path: string): Promise<void>;
}
