import { Option } from './commander.js';

/** An option with a number. It is read as it was written, so that what is wrong with it is ours to say. */
export function numberOption(flags: string, description: string, otherwise: number): Option {
  return new Option(flags, description).default(String(otherwise), String(otherwise));
}
