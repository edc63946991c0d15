import type { FlowCounts } from './slow-reader.js';

/** A count as people read it: `1,234`. */
export function toCount(count: number): string {
  return count.toLocaleString('en-US');
}

/** The line that stands where events were lost. */
export function gapLine(skipped: number): string {
  return `… ${toCount(skipped)} ${skipped === 1 ? 'event' : 'events'} skipped`;
}

/** Whether every event was delivered, skipped or conflated, and none twice. */
export function addsUp({ emitted, delivered, skipped, conflated }: FlowCounts): boolean {
  return emitted === delivered + skipped + conflated;
}

/** What became of the events, as an equation. */
export function summaryLines(counts: FlowCounts, elapsed: number): readonly string[] {
  const [emitted, delivered, skipped, conflated, peak] = [
    counts.emitted,
    counts.delivered,
    counts.skipped,
    counts.conflated,
    counts.peak,
  ].map(toCount);
  const lines = [
    `events: ${emitted} emitted = ${delivered} delivered + ${skipped} skipped + ${conflated} conflated`,
    `peak queue: ${peak} events, time: ${(elapsed / 1000).toFixed(1)} s`,
  ];
  return addsUp(counts) ? lines : [...lines, 'these counts do not add up: this is a bug, please report it'];
}
