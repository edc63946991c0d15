import { addsUp, gapLine, summaryLines, toCount } from '../../src/cli/report-lines.js';

const counts = { emitted: 41_234, delivered: 812, skipped: 35_000, conflated: 5_422, peak: 64 };

describe('the report', () => {
  it('shows counts in groups of three', () => {
    expect([0, 7, 1_234, 1_234_567].map(toCount)).toEqual(['0', '7', '1,234', '1,234,567']);
  });

  it('shows a gap as a line', () => {
    expect(gapLine(1_234)).toBe('… 1,234 events skipped');
    expect(gapLine(1)).toBe('… 1 event skipped');
  });

  it('shows the counts as an equation', () => {
    expect(summaryLines(counts, 2_340)).toEqual([
      'events: 41,234 emitted = 812 delivered + 35,000 skipped + 5,422 conflated',
      'peak queue: 64 events, time: 2.3 s',
    ]);
  });

  it('says so when the equation does not hold', () => {
    const wrong = { ...counts, skipped: 0 };
    expect([addsUp(counts), addsUp(wrong)]).toEqual([true, false]);
    expect(summaryLines(wrong, 0)[2]).toContain('do not add up');
  });
});
