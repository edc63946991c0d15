import type { Overflow } from '../../backpressure/index.js';
import { type Command, Option } from '../commander.js';
import { exitCodeLines } from '../exit-code-lines.js';
import { numberOption } from '../number-option.js';
import { shellLine } from '../shell-line.js';
import { UsageError } from '../usage-error.js';
import { wholeNumber } from '../whole-number.js';
import type { CodexChoice } from './exec-options.js';

/** What `run` is asked to do. */
export interface RunOptions {
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
  /** Run it by the real codex. Default: by a server in this process. */
  readonly codex?: CodexChoice;
}

/** The values of options that are not given. */
export const RUN_DEFAULTS = {
  command: 'for pass in 1 2 3 4 5 6 7 8; do ls -lAR .; done',
  pace: 25,
  capacity: 64,
  overflow: 'drop-oldest',
  conflate: 400,
} as const satisfies Partial<RunOptions>;

const OVERFLOWS: readonly Overflow[] = ['drop-oldest', 'drop-newest', 'drop-all', 'error'];

/** The options as they were written; what is not there has its default. */
interface Written {
  readonly yes?: boolean;
  readonly pace: string;
  readonly capacity: string;
  readonly overflow: string;
  readonly conflate: string | false;
  readonly codex?: boolean;
  readonly codexBinary?: string;
}

/** Describes `run`, the main job, and hands on what it is asked to do. */
export function defineRun(command: Command, chosen: (options: RunOptions) => void): void {
  const { pace, capacity, overflow, conflate } = RUN_DEFAULTS;
  command
    .summary('run a shell command as a turn and show it to a slow reader (default)')
    .description(
      `Hosts an app server in this process, starts a thread in it and runs a shell command as a turn. The output is ` +
        `shown as a reader sees it who takes only one event every ${pace} ms: what does not fit into its queue is given ` +
        `up, and a line tells how much and where. Ctrl-C interrupts the turn, a second one ends the program at once.`,
    )
    .usage('[options] [--] [command ...]')
    .argument(
      '[command...]',
      `what to run: one argument is a line for the shell, several are a program and its arguments (default: ${RUN_DEFAULTS.command})`,
    )
    .option(
      '-y, --yes',
      'accept the command without asking; without a terminal to ask on, and without this, the command is declined',
    )
    .addOption(
      numberOption(
        '--pace <ms>',
        'milliseconds the reader takes for one event, 0 for the next turn of the event loop',
        pace,
      ),
    )
    .addOption(numberOption('--capacity <n>', 'events that may wait for the reader', capacity))
    .addOption(
      new Option(
        '--overflow <how>',
        `what gives way when that many wait: ${OVERFLOWS.slice(0, 3).join(', ')}, or error, which ends the view`,
      ).default(overflow, overflow),
    )
    .addOption(numberOption('--conflate <n>', 'fold output that waits into events of at most n characters', conflate))
    .option('--no-conflate', 'leave every event as it is')
    .option('--codex', 'run it by the real codex with a mock model: CODEX_BINARY, or the codex that is installed')
    .option('--codex-binary <file>', 'run it by this codex')
    .passThroughOptions()
    .addHelpText('after', '\nAt the end the counts are shown: emitted = delivered + skipped + conflated.')
    .addHelpText(
      'after',
      exitCodeLines([
        'Success',
        'CommandFailed',
        'BadArguments',
        'Declined',
        'TurnFailed',
        'Overflowed',
        'Unavailable',
        'Miscounted',
        'Interrupted',
      ]),
    )
    .action((words: readonly string[], written: Written) => {
      chosen({
        command: words.length === 0 ? RUN_DEFAULTS.command : shellLine(words),
        yes: written.yes ?? false,
        pace: wholeNumber('--pace', written.pace, 0),
        capacity: wholeNumber('--capacity', written.capacity, 1),
        overflow: overflowOf(written.overflow),
        conflate: written.conflate === false ? undefined : wholeNumber('--conflate', written.conflate, 1),
        ...codexOf(written),
      });
    });
}

function codexOf({ codex = false, codexBinary: binary }: Written): Pick<RunOptions, 'codex'> {
  return codex || binary !== undefined ? { codex: { type: 'codex', binary } } : {};
}

function overflowOf(given: string): Overflow {
  const overflow = OVERFLOWS.find((known) => known === given);
  if (overflow === undefined) throw new UsageError(`--overflow is one of ${OVERFLOWS.join(', ')}, not "${given}"`);
  return overflow;
}
