import { faultCases, seededCases } from '../../../src/testing/conformance/fault-cases.js';
import { itCanFail } from './saboteurs.js';

describe('faultCases', () => {
  itCanFail(faultCases);
});

describe('seededCases', () => {
  itCanFail(seededCases([1]));

  it('has its seed in each name', () => {
    expect(seededCases([5, 6]).map(({ name }) => name.split(':')[0])).toEqual(['seed 5', 'seed 5', 'seed 6', 'seed 6']);
  });
});
