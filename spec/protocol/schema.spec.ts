import { checkSchema, type } from '../../src/protocol/index.js';

describe('type', () => {
  it('C10: says what a value is without anything that checks it', () => {
    expect(checkSchema(type<number>(), 'no number')).toBeUndefined();
  });

  it('has no enumerable name, so that it does not show in a printed contract', () => {
    expect(Object.keys(type<number>())).toEqual([]);
  });
});
