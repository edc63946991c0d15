import { lstatSync, rmSync } from 'node:fs';
import { connect } from 'node:net';

/**
 * Removes the unix socket of a server that has died without doing so itself. Leaves one alone that is served, and whatever
 * is no socket.
 *
 * @param done Called when there is nothing more to do; whoever listens then finds out whether the path is free.
 */
export function freeUnixSocket(path: string, done: () => void): void {
  const found = socketAt(path);
  if (found === undefined) {
    done();
    return;
  }
  const probe = connect(path);
  probe.on('connect', () => {
    probe.destroy();
    done();
  });
  probe.on('error', (error: NodeJS.ErrnoException) => {
    // Another server may have taken the place of the dead one since.
    if (error.code === 'ECONNREFUSED' && socketAt(path) === found) rmSync(path, { force: true });
    done();
  });
}

/** Which socket is there, if one is: the numbers of files are used again, so the time it was made counts too. */
function socketAt(path: string): string | undefined {
  const stats = lstatSync(path, { throwIfNoEntry: false, bigint: true });
  return stats?.isSocket() === true ? `${stats.dev} ${stats.ino} ${stats.ctimeNs}` : undefined;
}
