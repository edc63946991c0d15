import { commandLaneCases } from '../../../src/testing/conformance/command-lane-cases.js';
import { itCanFail } from './saboteurs.js';

describe('commandLaneCases', () => {
  itCanFail(commandLaneCases);
});
