import type { ThreadActiveFlag, ThreadStatus } from './schemas/thread.js';

/** Something that may change what a thread is doing. */
export type ThreadHappening =
  | 'loaded'
  | 'unloaded'
  | 'turnStarted'
  | 'turnEnded'
  | 'turnFailed'
  | 'approvalAsked'
  | 'approvalSettled'
  | 'inputAsked'
  | 'inputSettled';

/** What goes on in a thread, as far as its status depends on it. */
export interface ThreadActivity {
  readonly loaded: boolean;
  /** Whether a turn runs. */
  readonly running: boolean;
  /** Whether the last turn failed. */
  readonly failed: boolean;
  /** Questions that wait for their answer. */
  readonly approvals: number;
  readonly inputs: number;
}

/** Of a thread nobody has told anything of. */
export const noActivity: ThreadActivity = { loaded: false, running: false, failed: false, approvals: 0, inputs: 0 };

/**
 * Follows a thread. Returns the very same object when nothing changed.
 *
 * The end of a turn settles all its questions; a settled question that was never asked changes nothing.
 */
export function reduceThreadActivity(activity: ThreadActivity, happening: ThreadHappening): ThreadActivity {
  switch (happening) {
    case 'loaded':
      return activity.loaded ? activity : { ...activity, loaded: true };
    case 'unloaded':
      return activity === noActivity ? activity : noActivity;
    case 'turnStarted':
      return { ...activity, loaded: true, running: true, failed: false };
    case 'turnEnded':
      return { ...activity, running: false, approvals: 0, inputs: 0 };
    case 'turnFailed':
      return { ...activity, running: false, failed: true, approvals: 0, inputs: 0 };
    case 'approvalAsked':
      return { ...activity, loaded: true, approvals: activity.approvals + 1 };
    case 'approvalSettled':
      return activity.approvals === 0 ? activity : { ...activity, approvals: activity.approvals - 1 };
    case 'inputAsked':
      return { ...activity, loaded: true, inputs: activity.inputs + 1 };
    case 'inputSettled':
      return activity.inputs === 0 ? activity : { ...activity, inputs: activity.inputs - 1 };
  }
}

/** What clients are told. A thread with a running turn or an open question is active, whatever else holds. */
export function toThreadStatus({ loaded, running, failed, approvals, inputs }: ThreadActivity): ThreadStatus {
  if (running || approvals > 0 || inputs > 0) {
    const activeFlags: ThreadActiveFlag[] = [];
    if (approvals > 0) activeFlags.push('waitingOnApproval');
    if (inputs > 0) activeFlags.push('waitingOnUserInput');
    return { type: 'active', activeFlags };
  }
  if (!loaded) return { type: 'notLoaded' };
  return { type: failed ? 'systemError' : 'idle' };
}

/** Whether clients would see a difference. */
export function isSameThreadStatus(one: ThreadStatus, other: ThreadStatus): boolean {
  if (one.type !== 'active' || other.type !== 'active') return one.type === other.type;
  return one.activeFlags.join() === other.activeFlags.join();
}
