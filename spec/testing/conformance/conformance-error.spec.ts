import { ConformanceError } from '../../../src/testing/index.js';

it('ConformanceError names the rule, and keeps the cause', () => {
  const cause = new Error('below');
  const error = new ConformanceError('C2', 'not so', { cause });
  expect(error).toMatchObject({ name: 'ConformanceError', rule: 'C2', message: 'C2: not so', cause });
});
