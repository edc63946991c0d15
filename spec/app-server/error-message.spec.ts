import { runInNewContext } from 'node:vm';

import { errorMessage } from '../../src/app-server/error-message.js';

describe('errorMessage', () => {
  it('is the message of an error, wherever that was made', () => {
    expect(errorMessage(new TypeError('wrong'))).toBe('wrong');
    expect(errorMessage(runInNewContext('new Error("far")'))).toBe('far');
  });

  it('is the text of anything else', () => {
    expect(['word', 7, null, undefined, { message: 1 }].map(errorMessage)).toEqual([
      'word',
      '7',
      'null',
      'undefined',
      '1',
    ]);
  });
});
