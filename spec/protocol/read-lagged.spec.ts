import { readLagged } from '../../src/protocol/index.js';

describe('E7 the reading of a marker', () => {
  it('finds how many events it stands for', () => {
    expect(readLagged({ method: '$/lagged', params: { skipped: 3 } })).toBe(3);
  });

  it.each([undefined, null, 7, {}, { skipped: 0 }, { skipped: -1 }, { skipped: 1.5 }, { skipped: '3' }])(
    'takes one with params %j for nothing said',
    (params) => {
      expect(readLagged({ method: '$/lagged', params })).toBe(0);
    },
  );

  it('knows other notifications', () => {
    expect(readLagged({ method: 'lagged', params: { skipped: 3 } })).toBeUndefined();
  });
});
