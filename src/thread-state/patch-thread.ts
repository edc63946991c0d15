import type { ThreadState } from './thread-state.js';

/** The state with some members replaced; the very same state if all of them are what they were. */
export function patchThread(state: ThreadState, patch: Partial<ThreadState>): ThreadState {
  const keys = Object.keys(patch) as (keyof ThreadState)[];
  return keys.every((key) => patch[key] === state[key]) ? state : { ...state, ...patch };
}
