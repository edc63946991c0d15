import { numberOption } from '../../src/cli/number-option.js';

describe('an option with a number', () => {
  it('has its default as it would be written', () => {
    const option = numberOption('--pace <ms>', 'how slow', 25);
    expect([option.long, option.defaultValue, option.defaultValueDescription]).toEqual(['--pace', '25', '25']);
  });
});
