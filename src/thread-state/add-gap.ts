import type { Lagged } from '../backpressure/index.js';
import type { ThreadGap, ThreadState } from './thread-state.js';

/** Notes that events were lost here. A marker whose numbers are known and accounted for already changes nothing. */
export function addGap(state: ThreadState, { skipped, last }: Lagged): ThreadState {
  const { gaps } = state.lag;
  const latest = gaps.at(-1);
  if (!(skipped > 0) || (last !== undefined && last <= Math.max(state.seq, latest?.last ?? -1))) return state;
  const after = state.items.at(-1)?.id;
  const lag = { skipped: state.lag.skipped + skipped, gaps: joined(gaps, { skipped, after, last }) };
  return { ...state, lag, partial: true };
}

/** Gaps at one place are one gap, so there are never more of them than items. */
function joined(gaps: readonly ThreadGap[], gap: ThreadGap): readonly ThreadGap[] {
  const latest = gaps.at(-1);
  if (latest?.after !== gap.after || latest === undefined) return [...gaps, gap];
  return [...gaps.slice(0, -1), { ...gap, skipped: latest.skipped + gap.skipped }];
}
