import {
  ThreadListParams,
  ThreadListResult,
  ThreadLoadedListParams,
  ThreadLoadedListResult,
} from '../../../src/app-server/index.js';

describe('the params of thread/list', () => {
  it('may all be left out or null', () => {
    expect(ThreadListParams.safeParse({}).success).toBe(true);
    const none = {
      cursor: null,
      limit: null,
      sortKey: null,
      archived: null,
      searchTerm: null,
      sourceKinds: null,
      cwd: null,
    };
    expect(ThreadListParams.safeParse(none).success).toBe(true);
    expect(ThreadLoadedListParams.safeParse({ cursor: null, limit: null }).success).toBe(true);
  });

  it.each([{ limit: -1 }, { limit: 1.5 }, { sortKey: 'name' }, { sourceKinds: 'cli' }, { cwd: ['/a'] }])(
    'are refused with %j',
    (params) => {
      expect(ThreadListParams.safeParse(params).success).toBe(false);
    },
  );

  it('may hold more than this version knows (C10)', () => {
    expect(ThreadListParams.parse({ modelProviders: ['x'] })).toEqual({ modelProviders: ['x'] });
  });
});

describe('the results', () => {
  it('are read as the live server gives them', () => {
    const empty = { data: [], readStates: {}, nextCursor: null, backwardsCursor: null };
    expect(ThreadListResult.parse(empty)).toEqual(empty);
    expect(ThreadLoadedListResult.safeParse({ data: ['a'], nextCursor: null }).success).toBe(true);
    expect(ThreadListResult.safeParse({ data: [{}], nextCursor: null }).success).toBe(false);
  });
});
