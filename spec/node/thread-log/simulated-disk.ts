import { basename } from 'node:path';

import type { LogFile, LogFiles } from '../../../src/node/index.js';
import { systemError } from './watched-files.js';

/** A file as programs see it, and as the disk has it. */
interface SimulatedFile {
  cached: number[];
  durable: number[];
  /** Bytes the next sync writes. */
  dirty: Set<number>;
  /** Its name would survive a loss of power. */
  isNamed: boolean;
}

/** What happens to a deed: `short` writes take half of what they get. */
export type Fault = 'none' | 'short' | 'ENOSPC' | 'EIO';

/**
 * A disk in memory that can lose power, and whose failures are as bad as real ones: after a failed sync the bytes count as
 * written although they are not, so a second sync succeeds and does nothing.
 */
export class SimulatedDisk implements LogFiles {
  private readonly all = new Map<string, SimulatedFile>();
  /** Asked before each deed that may fail. */
  fault: () => Fault = () => 'none';

  /** The disk after a loss of power. `coin` decides of each byte nobody synced whether it got there. */
  afterPowerLoss(coin: () => boolean): SimulatedDisk {
    const disk = new SimulatedDisk();
    for (const [name, { cached, durable, dirty, isNamed }] of this.all) {
      // The process that held the lock has died with the machine.
      if (name.startsWith('lock-') || (!isNamed && coin())) continue;
      const content = [...durable];
      for (const index of dirty) {
        if (!coin()) continue;
        while (content.length < index) content.push(0);
        content[index] = cached[index] ?? 0;
      }
      disk.all.set(name, { cached: [...content], durable: content, dirty: new Set(), isNamed: true });
    }
    return disk;
  }

  open = async (path: string, mode: 'create' | 'write'): Promise<LogFile> => {
    const name = basename(path);
    this.mayFail();
    if (mode === 'create') {
      if (this.all.has(name)) throw systemError('EEXIST');
      this.all.set(name, { cached: [], durable: [], dirty: new Set(), isNamed: false });
    }
    const file = this.find(path);
    return {
      size: async () => file.cached.length,
      write: async (bytes, position) => {
        const fault = this.fault();
        const taken = fault === 'none' || bytes.length < 2 ? bytes.length : bytes.length >> 1;
        for (let i = 0; i < taken; i += 1) {
          file.cached[position + i] = bytes[i] ?? 0;
          file.dirty.add(position + i);
        }
        if (fault === 'ENOSPC' || fault === 'EIO') throw systemError(fault);
        return taken;
      },
      truncate: async (size) => {
        this.mayFail();
        file.cached.length = size;
        for (const index of file.dirty) if (index >= size) file.dirty.delete(index);
      },
      sync: async () => {
        const fault = this.fault();
        if (fault === 'EIO') {
          file.dirty.clear();
          throw systemError('EIO');
        }
        file.durable.length = Math.min(file.durable.length, file.cached.length);
        for (const index of file.dirty) {
          while (file.durable.length < index) file.durable.push(0);
          file.durable[index] = file.cached[index] ?? 0;
        }
        file.dirty.clear();
      },
      close: async () => undefined,
    };
  };

  read = async (path: string, from = 0): Promise<Uint8Array> => Uint8Array.from(this.find(path).cached.slice(from));
  size = async (path: string): Promise<number> => this.find(path).cached.length;
  names = async (): Promise<readonly string[]> => [...this.all.keys()];
  makeFolder = async (): Promise<undefined> => undefined;

  syncFolder = async (): Promise<void> => {
    this.mayFail();
    for (const file of this.all.values()) file.isNamed = true;
  };

  write = async (path: string, bytes: Uint8Array): Promise<void> => {
    this.mayFail();
    const dirty = new Set(bytes.keys());
    this.all.set(basename(path), { cached: [...bytes], durable: [], dirty, isNamed: false });
  };

  rename = async (from: string, to: string): Promise<void> => {
    this.mayFail();
    this.all.set(basename(to), this.find(from));
    this.all.delete(basename(from));
  };

  link = async (from: string, to: string): Promise<void> => {
    if (this.all.has(basename(to))) throw systemError('EEXIST');
    this.all.set(basename(to), this.find(from));
  };

  remove = async (path: string): Promise<void> => {
    this.all.delete(basename(path));
  };

  private find(path: string): SimulatedFile {
    const file = this.all.get(basename(path));
    if (file === undefined) throw systemError('ENOENT');
    return file;
  }

  private mayFail(): void {
    const fault = this.fault();
    if (fault === 'EIO' || fault === 'ENOSPC') throw systemError(fault);
  }
}
