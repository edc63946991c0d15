import { toThreadHeader, toThreadLine, unknownSummary } from '../../../src/node/thread-log/thread-line.js';
import { archived, named, summaryOf, wholeTurn } from '../../app-server/store/thread-samples.js';

describe('toThreadLine', () => {
  it('knows the first line of a thread', () => {
    const summary = summaryOf('t');
    expect(toThreadLine({ ...toThreadHeader(summary) })).toEqual({ type: 'header', summary });
  });

  it.each([...wholeTurn('a'), named('n'), archived(true)])('knows an entry: $type', (entry) => {
    expect(toThreadLine({ ...entry })).toEqual({ type: 'entry', entry });
  });

  it('tells a kind it does not know', () => {
    expect(toThreadLine({ type: 'compacted', at: 1 })).toEqual({ type: 'other', kind: 'compacted' });
  });

  it('refuses a thread of a newer version', () => {
    expect(() => toThreadLine({ type: 'thread', version: 2 })).toThrow('written by a newer version of this store: 2');
  });
});

describe('unknownSummary', () => {
  it('asks before anything is done in a thread of which nothing is known', () => {
    expect(unknownSummary('t', 5)).toMatchObject({ id: 't', approvalPolicy: 'untrusted', createdAt: 5, updatedAt: 5 });
  });
});
