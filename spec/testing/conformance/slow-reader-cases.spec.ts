import { slowReaderCases } from '../../../src/testing/conformance/slow-reader-cases.js';
import { itCanFail } from './saboteurs.js';

describe('slowReaderCases', () => {
  itCanFail(slowReaderCases);
});
