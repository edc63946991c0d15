import { isLagged, lagged } from '../../src/backpressure/index.js';

describe('isLagged', () => {
  it.each([
    lagged(1),
    lagged(0),
    { type: 'lagged', skipped: 2, more: true },
    JSON.parse('{"type":"lagged","skipped":1}'),
  ])('is true for %j', (value) => {
    expect(isLagged(value)).toBe(true);
  });

  it.each([null, undefined, 1, 'lagged', [], {}, { type: 'lagged' }, { skipped: 1 }, { type: 'lagged', skipped: '1' }])(
    'is false for %j',
    (value) => {
      expect(isLagged(value)).toBe(false);
    },
  );
});
