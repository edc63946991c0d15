/**
 * From the events of a thread to what there is to show of it: a pure reducer and an operator around it.
 *
 * @module rx-sluice/thread-state
 * @packageDocumentation
 * @experimental
 */
export { emptyThread } from './empty-thread.js';
export { reduceThread } from './reduce-thread.js';
export { scanThread } from './scan-thread.js';
export type { ScanThreadOptions, ThreadAnswer } from './scan-thread.js';
export type { ApprovalAnswered, ThreadEvent, ThreadInput, ThreadSnapshot } from './thread-input.js';
export type {
  Approval,
  ItemState,
  ThreadGap,
  ThreadItem,
  ThreadLag,
  ThreadState,
  ThreadStatus,
  TurnError,
  TurnState,
} from './thread-state.js';
