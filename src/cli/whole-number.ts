import { UsageError } from './usage-error.js';

/** Reads the whole number that an option was given. */
export function wholeNumber(option: string, given: string, least: number): number {
  const value = Number(given);
  if (!/^\d+$/.test(given) || value < least || value > 2 ** 31 - 1) {
    throw new UsageError(`${option} takes a whole number from ${least}, not "${given}"`);
  }
  return value;
}
