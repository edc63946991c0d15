import { eventLaneCases } from '../../../src/testing/conformance/event-lane-cases.js';
import { itCanFail } from './saboteurs.js';

describe('eventLaneCases', () => {
  itCanFail(eventLaneCases);
});
