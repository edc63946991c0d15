import { serverRequestCases } from '../../../src/testing/conformance/server-request-cases.js';
import { itCanFail } from './saboteurs.js';

describe('serverRequestCases', () => {
  itCanFail(serverRequestCases);
});
