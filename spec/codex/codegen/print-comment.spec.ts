import { printComment } from '../../../src/codex/codegen/print-comment.js';

describe('printComment', () => {
  it('prints one line as one, and none as none', () => {
    expect(printComment('What it is.', '  ')).toEqual(['  /** What it is. */']);
    expect([printComment(undefined, ''), printComment(' \n ', '')]).toEqual([[], []]);
  });

  it('keeps lines, and breaks long ones between words', () => {
    const long = Array.from({ length: 30 }, () => 'word').join(' ');
    const lines = printComment(`First.\r\n\n${long}`, '  ');
    expect(lines.slice(0, 3)).toEqual(['  /**', '   * First.', '   *']);
    expect(lines).toHaveLength(6);
    expect(lines.every((line) => line.length <= 120)).toBe(true);
  });

  it('does not let the text end the comment', () => {
    expect(printComment('a glob: src/**/*.ts */ evil()', '')).toEqual(['/** a glob: src/**\\/*.ts *\\/ evil() */']);
  });
});
