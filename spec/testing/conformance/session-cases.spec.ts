import { sessionCases } from '../../../src/testing/conformance/session-cases.js';
import { itCanFail } from './saboteurs.js';

describe('sessionCases', () => {
  itCanFail(sessionCases);
});
