import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import type { Readable, Writable } from 'node:stream';

import { streamWire } from '../../src/node/index.js';
import { itHoldsE7 } from './stalled-reader.js';

/** Passes on what it reads, and reads no more than it can pass on. */
const CAT = 'process.stdin.pipe(process.stdout)';

describe('streamWire over the pipes of processes', () => {
  const children: ChildProcess[] = [];
  afterEach(async () => {
    for (const child of children.splice(0)) {
      const exited = child.exitCode ?? child.signalCode ?? once(child, 'exit');
      child.kill('SIGKILL');
      await exited;
    }
  });

  /** A real pipe: what goes in on one side of a process comes out on the other. */
  function pipe(): { readonly writable: Writable; readonly readable: Readable } {
    const child = spawn(process.execPath, ['-e', CAT], { stdio: ['pipe', 'pipe', 'inherit'] });
    children.push(child);
    return { writable: child.stdin, readable: child.stdout };
  }

  itHoldsE7(async () => {
    const [up, down] = [pipe(), pipe()];
    return [
      streamWire({ readable: down.readable, writable: up.writable }),
      streamWire({ readable: up.readable, writable: down.writable }),
    ];
  });
});
