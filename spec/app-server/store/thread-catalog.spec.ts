import fc from 'fast-check';

import { ThreadCatalog, type ThreadPage, type ThreadQuery, type ThreadSummary } from '../../../src/app-server/index.js';
import { summaryOf } from './thread-samples.js';

const query: ThreadQuery = { archived: false, sortKey: 'updatedAt', limit: 2 };
const idsOf = ({ threads }: ThreadPage): string => threads.map(({ id }) => id).join('');

function catalogOf(...summaries: readonly ThreadSummary[]): ThreadCatalog {
  const catalog = new ThreadCatalog();
  for (const summary of summaries) catalog.set(summary);
  return catalog;
}

describe('ThreadCatalog', () => {
  const abc = ['a', 'b', 'c', 'd', 'e'].map((id, index) => summaryOf(id, { createdAt: 10 - index, updatedAt: index }));

  it('gives the newest first, page by page, in either order', () => {
    const catalog = catalogOf(...abc);
    const first = catalog.page(query);
    const second = catalog.page({ ...query, cursor: first.nextCursor ?? '' });
    const third = catalog.page({ ...query, cursor: second.nextCursor ?? '' });
    expect([first, second, third].map(idsOf)).toEqual(['ed', 'cb', 'a']);
    expect(third.nextCursor).toBeNull();
    expect(idsOf(catalog.page({ ...query, sortKey: 'createdAt' }))).toBe('ab');
  });

  it('has no next page when the last one is just full', () => {
    expect(catalogOf(...abc).page({ ...query, limit: 5 }).nextCursor).toBeNull();
    expect(catalogOf().page(query)).toEqual({ threads: [], nextCursor: null });
  });

  it('goes on where it was, whatever comes, goes and changes meanwhile', () => {
    const catalog = catalogOf(...abc);
    const { nextCursor } = catalog.page(query);
    catalog.set(summaryOf('new', { updatedAt: 99 }));
    catalog.set(summaryOf('d', { updatedAt: 3, archived: true })); // where the page ended
    catalog.set(summaryOf('b', { updatedAt: 50 })); // seen by who reads the front again
    expect(idsOf(catalog.page({ ...query, cursor: nextCursor ?? '' }))).toBe('ca');
  });

  it('searches name and preview in any case, and not across both', () => {
    const catalog = catalogOf(
      summaryOf('a', { name: 'GRÜßE', preview: 'x' }),
      summaryOf('b', { preview: 'say grüße' }),
      summaryOf('c', { name: 'say', preview: 'grü' }),
    );
    const find = (search: string): string => idsOf(catalog.page({ ...query, limit: 9, search }));
    expect(find('Grüß')).toBe('ba');
    expect(find('SAY')).toBe('cb');
    expect(find('say\ngrü')).toBe('');
    expect(find('')).toBe('cba');
    catalog.set(summaryOf('a', { name: 'other' }));
    expect(find('grüß')).toBe('b');
    expect(find('other')).toBe('a');
  });

  it('keeps archived ones, sources and folders apart', () => {
    const catalog = catalogOf(
      summaryOf('a', { archived: true }),
      summaryOf('b', { source: 'exec' }),
      summaryOf('c', { cwd: '/elsewhere' }),
      summaryOf('d'),
    );
    const list = (change: Partial<ThreadQuery>): string => idsOf(catalog.page({ ...query, limit: 9, ...change }));
    expect(list({})).toBe('dcb');
    expect(list({ archived: true })).toBe('a');
    expect(list({ sources: ['exec', 'other'] })).toBe('b');
    expect(list({ sources: [] })).toBe('');
    expect(list({ cwd: '/elsewhere' })).toBe('c');
  });

  it.each([0, -1, 1.5, NaN])('refuses a page of %p threads', (limit) => {
    expect(() => catalogOf().page({ ...query, limit })).toThrow(TypeError);
  });

  it('refuses a cursor of the other order', () => {
    const { nextCursor } = catalogOf(...abc).page(query);
    expect(() => catalogOf().page({ ...query, sortKey: 'createdAt', cursor: nextCursor ?? '' })).toThrow(TypeError);
  });

  it('looks at what a page shows and no further, however many there are', () => {
    const catalog = new ThreadCatalog();
    let looks = 0;
    for (let n = 0; n < 1_000; n += 1) {
      const summary = summaryOf(`t${n}`, { updatedAt: n });
      Object.defineProperty(summary, 'archived', {
        enumerable: true,
        get: () => {
          looks += 1;
          return false;
        },
      });
      catalog.set(summary);
    }
    looks = 0;
    catalog.page({ ...query, limit: 10 });
    expect(looks).toBe(11);
  });

  it('lists as a filter and a sort over all of them would, for any history', () => {
    const times = fc.integer({ min: 0, max: 5 });
    const change = fc.record({
      id: fc.constantFrom(...'abcdefgh'),
      createdAt: times,
      updatedAt: times,
      archived: fc.boolean(),
      cwd: fc.constantFrom('/a', '/b'),
      name: fc.constantFrom(null, 'Apple', 'pear'),
    });
    const asked = fc.record({
      archived: fc.boolean(),
      sortKey: fc.constantFrom('createdAt' as const, 'updatedAt' as const),
      limit: fc.integer({ min: 1, max: 4 }),
      cwd: fc.constantFrom(undefined, '/a'),
      search: fc.constantFrom(undefined, 'APP', 'e'),
    });
    fc.assert(
      fc.property(fc.array(change, { maxLength: 30 }), asked, (changes, ask) => {
        const summaries = changes.map(({ id, ...rest }) => summaryOf(id, rest));
        const catalog = catalogOf(...summaries);
        const all = [...new Map(summaries.map((summary) => [summary.id, summary])).values()];
        const { sortKey } = ask;
        const expected = all
          .filter(({ archived, cwd, name }) => {
            const isFound = ask.search === undefined || (name ?? '').toLowerCase().includes(ask.search.toLowerCase());
            return archived === ask.archived && (ask.cwd === undefined || cwd === ask.cwd) && isFound;
          })
          .sort((a, b) => b[sortKey] - a[sortKey] || (a.id < b.id ? 1 : -1));

        const listed: ThreadSummary[] = [];
        for (let cursor: string | null | undefined; cursor !== null;) {
          const page: ThreadPage = catalog.page({ ...ask, cursor });
          expect(page.threads.length).toBeLessThanOrEqual(ask.limit);
          listed.push(...page.threads);
          cursor = page.nextCursor;
        }
        expect(listed).toEqual(expected);
        expect(catalog.size).toBe(all.length);
      }),
    );
  });
});
