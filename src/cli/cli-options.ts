import { parseArgs } from 'node:util';

import type { Overflow } from '../backpressure/index.js';

/** What the program is asked to do. */
export interface CliOptions {
  /** The shell command to run. */
  readonly command: string;
  /** Accept the command without asking. */
  readonly yes: boolean;
  /** Milliseconds the view takes for one event. */
  readonly pace: number;
  /** Events that may wait for the view. */
  readonly capacity: number;
  readonly overflow: Overflow;
  /** Characters of output that may be folded into one waiting event; `undefined`: none. */
  readonly conflate: number | undefined;
}

/** What the arguments say, or why they say nothing. */
export type ParsedArguments =
  | { readonly type: 'run'; readonly options: CliOptions }
  | { readonly type: 'help' }
  | { readonly type: 'invalid'; readonly message: string };

/** The values of options that are not given. */
export const CLI_DEFAULTS = {
  command: 'for pass in 1 2 3 4 5 6 7 8; do ls -lAR .; done',
  pace: 25,
  capacity: 64,
  overflow: 'drop-oldest',
  conflate: 400,
} as const satisfies Partial<CliOptions>;

const OVERFLOWS: readonly Overflow[] = ['drop-oldest', 'drop-newest', 'drop-all', 'error'];

const OPTIONS = {
  yes: { type: 'boolean', short: 'y' },
  pace: { type: 'string' },
  capacity: { type: 'string' },
  overflow: { type: 'string' },
  conflate: { type: 'string' },
  'no-conflate': { type: 'boolean' },
  help: { type: 'boolean', short: 'h' },
} as const;

/** Options whose value is the next argument, unless it is joined by `=`. */
const WITH_VALUE: ReadonlySet<string> = new Set(['--pace', '--capacity', '--overflow', '--conflate']);

/** Reads the program's arguments. The command starts after `--`, or with the first argument that is no option. */
export function parseArguments(args: readonly string[]): ParsedArguments {
  const end = endOfOptions(args);
  const words = args[end] === '--' ? args.slice(end + 1) : args.slice(end);
  try {
    const { values } = parseArgs({ args: joined(args.slice(0, end)), options: OPTIONS, strict: true });
    if (values.help === true) return { type: 'help' };
    if (values.conflate !== undefined && values['no-conflate'] === true) {
      throw new TypeError('--conflate and --no-conflate exclude each other');
    }
    const conflate = toWhole('--conflate', values.conflate, CLI_DEFAULTS.conflate, 1);
    return {
      type: 'run',
      options: {
        command: toCommand(words),
        yes: values.yes ?? false,
        pace: toWhole('--pace', values.pace, CLI_DEFAULTS.pace, 0),
        capacity: toWhole('--capacity', values.capacity, CLI_DEFAULTS.capacity, 1),
        overflow: toOverflow(values.overflow),
        conflate: values['no-conflate'] === true ? undefined : conflate,
      },
    };
  } catch (error) {
    // The first sentence says what is wrong; what follows is advice that does not fit here.
    const [message = ''] = (error as Error).message.split(/\.\s|\n/);
    return { type: 'invalid', message: message.replace(/\.$/, '') };
  }
}

function endOfOptions(args: readonly string[]): number {
  let at = 0;
  for (let arg = args[at]; arg !== undefined && arg !== '--' && arg.startsWith('-'); arg = args[at]) {
    at += WITH_VALUE.has(arg) ? 2 : 1;
  }
  return Math.min(at, args.length);
}

/** Joins an option and a negative number, which would be taken for an option: what is wrong with it is ours to say. */
function joined(args: readonly string[]): string[] {
  const isNumberOf = (at: number): boolean => WITH_VALUE.has(args[at - 1] ?? '') && /^-\d/.test(args[at] ?? '');
  return args.flatMap((arg, at) => (isNumberOf(at) ? [] : [isNumberOf(at + 1) ? `${arg}=${args[at + 1] ?? ''}` : arg]));
}

/** One word is taken as the shell's own language; several are a program and its arguments, passed as they came. */
function toCommand(words: readonly string[]): string {
  const [only, ...others] = words;
  if (only === undefined) return CLI_DEFAULTS.command;
  if (only.trim() === '') throw new TypeError('the command is empty');
  return others.length === 0 ? only : words.map(quote).join(' ');
}

function quote(word: string): string {
  return /^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`;
}

function toWhole(name: string, given: string | undefined, otherwise: number, least: number): number {
  if (given === undefined) return otherwise;
  const value = Number(given);
  if (!/^\d+$/.test(given) || value < least || value > 2 ** 31 - 1) {
    throw new TypeError(`${name} takes a whole number from ${least}, not "${given}"`);
  }
  return value;
}

function toOverflow(given: string | undefined): Overflow {
  const overflow = OVERFLOWS.find((known) => known === (given ?? CLI_DEFAULTS.overflow));
  if (overflow === undefined) throw new TypeError(`--overflow is one of ${OVERFLOWS.join(', ')}, not "${given ?? ''}"`);
  return overflow;
}
