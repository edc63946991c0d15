import { toSeconds } from '../../src/app-server/to-seconds.js';

describe('toSeconds', () => {
  it('rounds down to whole seconds', () => {
    expect([0, 999, 1_000, 1_795_373_819_322].map(toSeconds)).toEqual([0, 0, 1, 1_795_373_819]);
  });
});
