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

/** What a thread's status is derived from. */
export interface ThreadState {
  readonly loaded: boolean;
  /** Whether a turn runs. */
  readonly running: boolean;
  /** Whether the last turn failed. */
  readonly failed: boolean;
  /** Questions that wait for their answer. */
  readonly approvals: number;
  readonly inputs: number;
}

/** The state of a thread nobody has told anything of. */
export const unknownThread: ThreadState = { loaded: false, running: false, failed: false, approvals: 0, inputs: 0 };

/**
 * Follows a thread. Returns the very same object when nothing changed.
 *
 * The end of a turn settles all its questions; a settled question that was never asked changes nothing.
 */
export function reduceThreadState(state: ThreadState, happening: ThreadHappening): ThreadState {
  switch (happening) {
    case 'loaded':
      return state.loaded ? state : { ...state, loaded: true };
    case 'unloaded':
      return state === unknownThread ? state : unknownThread;
    case 'turnStarted':
      return { ...state, loaded: true, running: true, failed: false };
    case 'turnEnded':
      return { ...state, running: false, approvals: 0, inputs: 0 };
    case 'turnFailed':
      return { ...state, running: false, failed: true, approvals: 0, inputs: 0 };
    case 'approvalAsked':
      return { ...state, loaded: true, approvals: state.approvals + 1 };
    case 'approvalSettled':
      return state.approvals === 0 ? state : { ...state, approvals: state.approvals - 1 };
    case 'inputAsked':
      return { ...state, loaded: true, inputs: state.inputs + 1 };
    case 'inputSettled':
      return state.inputs === 0 ? state : { ...state, inputs: state.inputs - 1 };
  }
}

/** What clients are told of a state. A thread with a running turn or an open question is active, whatever else holds. */
export function toThreadStatus({ loaded, running, failed, approvals, inputs }: ThreadState): ThreadStatus {
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
