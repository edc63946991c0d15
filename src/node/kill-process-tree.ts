import { asyncScheduler, Observable, type SchedulerLike } from 'rxjs';

import { groupsOfTree, sendSignal } from './process-tree.js';

/** Milliseconds between two looks at whether a tree has gone. */
const LOOK_EVERY = 20;

/** How a process tree is ended. */
export interface KillOptions {
  /** Milliseconds it has to end by itself after SIGTERM. 0: SIGKILL at once. Default 2,000. */
  readonly grace?: number;
  /** The clock. Default `asyncScheduler`. */
  readonly scheduler?: SchedulerLike;
}

/**
 * Ends a process that leads a group of its own (`detached: true`), and everything it has started.
 *
 * SIGTERM goes to its group and to the groups its descendants have made; whatever is left after `grace` gets SIGKILL,
 * which no process can ignore. Completes when none of the groups has a process any more, or when SIGKILL was sent.
 * Cold: subscribing kills.
 *
 * - On unsubscribe: what is left gets SIGKILL at once.
 * - Not found: a descendant in a group of its own whose parent has ended before.
 *
 * @param pid The leader of the group.
 */
export function killProcessTree(
  pid: number,
  { grace = 2_000, scheduler = asyncScheduler }: KillOptions = {},
): Observable<never> {
  return new Observable((subscriber) => {
    let groups = groupsOfTree(pid);
    const signal = (name: NodeJS.Signals | 0): void => {
      groups = groups.filter((group) => sendSignal(-group, name));
    };
    subscriber.add(() => {
      signal('SIGKILL');
    });
    if (grace > 0) signal('SIGTERM');
    const deadline = scheduler.now() + grace;
    subscriber.add(
      scheduler.schedule(function () {
        // A group of zombies nobody collects still takes signals, so waiting for it to go must have an end.
        if (scheduler.now() >= deadline) signal('SIGKILL');
        else signal(0);
        if (groups.length === 0 || scheduler.now() >= deadline) subscriber.complete();
        else this.schedule(undefined, LOOK_EVERY);
      }),
    );
  });
}
