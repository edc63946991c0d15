import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { readToken } from '../../src/cli/read-token.js';

const folder = mkdtempSync(join(tmpdir(), 'rx-sluice-token-'));
const file = join(folder, 'token');

afterAll(() => rmSync(folder, { recursive: true }));

function write(text: string, mode = 0o600): string {
  writeFileSync(file, text);
  chmodSync(file, mode);
  return file;
}

describe('the token in a file', () => {
  it.each(['s3cret', '  s3cret\n', 's3cret\r\n'])('is its text without the space around it: %j', (text) => {
    expect(readToken(write(text))).toBe('s3cret');
  });

  it('may be read by the group', () => {
    expect(readToken(write('x', 0o640))).toBe('x');
  });

  it.each([0o644, 0o604, 0o602])('is refused when everybody may touch the file: %o', (mode) => {
    expect(() => readToken(write('x', mode))).toThrow(
      expect.objectContaining({
        exitCode: 7,
        message: `everybody may read ${file}: chmod o= ${file} keeps the token secret`,
      }),
    );
  });

  it.each([
    ['', 'there is no token in'],
    [' \n', 'there is no token in'],
    ['two words', 'is not one word of printable ASCII'],
    ['one\ntwo', 'is not one word of printable ASCII'],
    ['geheim-ß', 'is not one word of printable ASCII'],
  ])('is refused when it is none: %j', (text, message) => {
    expect(() => readToken(write(text))).toThrow(
      expect.objectContaining({ exitCode: 7, message: expect.stringContaining(message) }),
    );
  });

  it('is missed when there is no file', () => {
    expect(() => readToken(join(folder, 'none'))).toThrow(expect.objectContaining({ exitCode: 6 }));
  });
});
