import { UsageError } from './usage-error.js';

/** The line for a shell: one word is taken as the shell's own language, several are a program and its arguments. */
export function shellLine(words: readonly string[]): string {
  const [only, ...others] = words;
  if (only === undefined || only.trim() === '') throw new UsageError('the command is empty');
  return others.length === 0 ? only : words.map(quote).join(' ');
}

function quote(word: string): string {
  return /^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`;
}
