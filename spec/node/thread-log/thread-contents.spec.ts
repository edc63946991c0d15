import { encodeLine } from '../../../src/node/thread-log/log-line.js';
import { scanLog } from '../../../src/node/thread-log/scan-log.js';
import { toThreadContents } from '../../../src/node/thread-log/thread-contents.js';
import { toThreadHeader } from '../../../src/node/thread-log/thread-line.js';
import type { ThreadStoreDiagnostic } from '../../../src/node/index.js';
import { named, summaryOf, turnStarted } from '../../app-server/store/thread-samples.js';

function contentsOf(
  parts: readonly (object | string)[],
  known?: ReturnType<typeof summaryOf>,
): ReturnType<typeof toThreadContents> & { readonly found: readonly ThreadStoreDiagnostic[] } {
  const bytes = parts.map((part) => (typeof part === 'string' ? Buffer.from(part) : encodeLine(part)));
  const found: ThreadStoreDiagnostic[] = [];
  const scan = scanLog(Buffer.concat(bytes));
  return { ...toThreadContents(scan, { id: 't', file: 'f', known }, (one) => found.push(one)), found };
}

describe('toThreadContents', () => {
  it('has the summary of the first line and the entries behind it', () => {
    expect(contentsOf([toThreadHeader(summaryOf('t')), turnStarted('a'), named('n')])).toEqual({
      summary: summaryOf('t'),
      entries: [turnStarted('a'), named('n')].map((entry) => expect.objectContaining(entry) as unknown),
      found: [],
    });
  });

  it('is the thread its file is named after', () => {
    expect(contentsOf([toThreadHeader(summaryOf('other'))]).summary?.id).toBe('t');
  });

  it('tells what it passes over', () => {
    const { entries, found } = contentsOf([
      toThreadHeader(summaryOf('t')),
      'damaged\n',
      { type: 'compacted', at: 1 },
      named('n'),
      'torn',
    ]);
    expect(entries).toHaveLength(1);
    expect(found).toEqual([
      { type: 'unknownLine', file: 'f', kind: 'compacted' },
      expect.objectContaining({ type: 'damagedLine', file: 'f', bytes: 8 }),
      expect.objectContaining({ type: 'tornTail', file: 'f', bytes: 4 }),
    ]);
  });

  it('takes what is known, or else next to nothing, for a first line that is lost', () => {
    expect(contentsOf(['lost\n', named('n', 7)], summaryOf('t', { cwd: '/known' })).summary?.cwd).toBe('/known');
    expect(contentsOf(['lost\n', named('n', 7)]).summary).toMatchObject({ cwd: '/', createdAt: 7 });
    expect(contentsOf(['lost\n']).summary).toBeUndefined();
  });
});
