import { answerCases } from '../../../src/testing/conformance/answer-cases.js';
import { itCanFail } from './saboteurs.js';

describe('answerCases', () => {
  itCanFail(answerCases);
});
