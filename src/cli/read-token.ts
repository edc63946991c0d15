import { readFileSync, statSync } from 'node:fs';

import { messageOf } from '../protocol/index.js';
import { ExitCode } from './exit-code.js';
import { ProgramError } from './program-error.js';

/** Permission bits of those who are neither the owner nor in the group. */
const OTHERS = 0o007;

/**
 * Reads the token in a file: its text without the space around it.
 *
 * A file that everybody on this machine may read keeps no secret, and one without a usable token protects nothing: both
 * are refused.
 */
export function readToken(file: string): string {
  let text: string;
  let mode: number;
  try {
    text = readFileSync(file, 'utf8');
    ({ mode } = statSync(file));
  } catch (error) {
    throw new ProgramError(ExitCode.Unavailable, `the token cannot be read: ${messageOf(error)}`, { cause: error });
  }
  // Windows keeps permissions elsewhere.
  if (process.platform !== 'win32' && (mode & OTHERS) !== 0) {
    throw new ProgramError(ExitCode.Unprotected, `everybody may read ${file}: chmod o= ${file} keeps the token secret`);
  }
  const token = text.trim();
  if (token === '') throw new ProgramError(ExitCode.Unprotected, `there is no token in ${file}: the file is empty`);
  // It is sent in a header.
  if (!/^[\x21-\x7e]+$/.test(token)) {
    throw new ProgramError(ExitCode.Unprotected, `the token in ${file} is not one word of printable ASCII`);
  }
  return token;
}
