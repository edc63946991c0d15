import { watchDeath } from './death-watch.js';
import { guardExit } from './exit-guard.js';
import { groupsOfTree, sendSignal } from './process-tree.js';

/**
 * Ends a process and all it has started when this process ends: by itself, by a signal, or by SIGKILL. In the last case
 * only its own group is found.
 *
 * @param pid Of the leader of a process group.
 * @param grace Milliseconds it has between SIGTERM and SIGKILL, where there is time for both.
 * @returns Takes it back.
 * @internal
 */
export function guardTree(pid: number, grace: number): () => void {
  const release = guardExit(() => {
    for (const group of groupsOfTree(pid)) sendSignal(-group, 'SIGKILL');
  });
  const unwatch = watchDeath(pid, grace);
  return () => {
    release();
    unwatch();
  };
}
