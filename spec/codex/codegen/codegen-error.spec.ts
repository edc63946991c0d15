import { CodegenError } from '../../../src/codex/codegen/codegen-error.js';

describe('CodegenError', () => {
  it('says one line, whatever it was told', () => {
    const cause = new Error('x');
    const error = new CodegenError(' one\n  two\r\n', { cause });
    expect([error.name, error.message, error.cause]).toEqual(['CodegenError', 'one two', cause]);
  });
});
