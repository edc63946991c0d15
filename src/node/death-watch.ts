import { spawn } from 'node:child_process';
import { Socket } from 'node:net';

/** Reads one line; at the end of input instead, whoever was to write it has died. */
const SCRIPT = 'read -r line || { kill -TERM "-$1"; sleep "$2"; kill -KILL "-$1"; }';

/**
 * Ends a process group when this process dies, however it dies: by SIGKILL too, of which no process is told.
 *
 * A small shell waits on a pipe that only this process holds open. No Windows; there it does nothing.
 *
 * @param grace Milliseconds between SIGTERM and SIGKILL.
 * @returns Ends the watch; call it as soon as the group has gone, before its number is used again.
 * @internal
 */
export function watchDeath(group: number, grace: number): () => void {
  if (process.platform === 'win32') return () => {};
  const watch = spawn('/bin/sh', ['-c', SCRIPT, 'death-watch', `${group}`, `${Math.ceil(grace / 1_000)}`], {
    // In a group of its own, so that a signal to ours leaves it at its post.
    detached: true,
    stdio: ['pipe', 'ignore', 'ignore'],
    env: { PATH: process.env['PATH'] },
  });
  watch.on('error', () => {});
  watch.stdin.on('error', () => {});
  watch.unref();
  if (watch.stdin instanceof Socket) watch.stdin.unref();
  return () => watch.stdin.end('gone\n');
}
