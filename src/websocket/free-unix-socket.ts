import { lstatSync, rmSync } from 'node:fs';
import { connect } from 'node:net';

/**
 * Removes the unix socket of a server that has died without doing so itself. Leaves one alone that is served, and whatever
 * is no socket.
 *
 * @param done Called when there is nothing more to do; whoever listens then finds out whether the path is free.
 */
export function freeUnixSocket(path: string, done: () => void): void {
  if (lstatSync(path, { throwIfNoEntry: false })?.isSocket() !== true) {
    done();
    return;
  }
  const probe = connect(path);
  probe.on('connect', () => {
    probe.destroy();
    done();
  });
  probe.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code === 'ECONNREFUSED') rmSync(path, { force: true });
    done();
  });
}
