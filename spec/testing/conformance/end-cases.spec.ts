import { endCases } from '../../../src/testing/conformance/end-cases.js';
import { itCanFail } from './saboteurs.js';

describe('endCases', () => {
  itCanFail(endCases);
});
