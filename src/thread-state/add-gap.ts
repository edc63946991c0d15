import type { Lagged } from '../backpressure/index.js';
import type { ThreadGap, ThreadState } from './thread-state.js';

/** Questions of a lost connection: nobody hears an answer to them, and those that are still open are asked again. */
const NO_APPROVALS: ThreadState['approvals'] = Object.freeze([]);

/** Notes that events were lost here. A marker whose numbers are known and accounted for already changes nothing. */
export function addGap(state: ThreadState, { skipped, unknown, last }: Lagged): ThreadState {
  const { gaps } = state.lag;
  const isLoss = skipped > 0 || unknown === true;
  const latest = gaps.at(-1);
  if (!isLoss || (last !== undefined && last <= Math.max(state.seq, latest?.last ?? -1))) return state;
  const after = state.items.at(-1)?.id;
  const gap = unknown === true ? { skipped, unknown, after, last } : { skipped, after, last };
  const lag = { skipped: state.lag.skipped + skipped, gaps: joined(gaps, gap) };
  const next = { ...state, lag, partial: true };
  return unknown === true && state.approvals.length > 0 ? { ...next, approvals: NO_APPROVALS } : next;
}

/** Gaps at one place are one gap, so there are never more of them than items. */
function joined(gaps: readonly ThreadGap[], gap: ThreadGap): readonly ThreadGap[] {
  const latest = gaps.at(-1);
  if (latest?.after !== gap.after || latest === undefined) return [...gaps, gap];
  return [...gaps.slice(0, -1), { ...latest, ...gap, skipped: latest.skipped + gap.skipped }];
}
