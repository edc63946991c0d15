import { CLI_DEFAULTS } from './cli-options.js';
import { ExitCode } from './exit-code.js';

const { command, pace, capacity, overflow, conflate } = CLI_DEFAULTS;

/** What `--help` prints. */
export const helpText = `Usage: npm start -- [options] [--] [command ...]

Hosts an app server in this process, starts a thread in it and runs a shell command as a turn. The output is
shown as a reader sees it who takes only one event every ${pace} ms: what does not fit into its queue is given up,
and a line tells how much and where. Ctrl-C interrupts the turn, a second one ends the program at once.

  command                 what to run: one argument is a line for the shell, several are a program and its
                          arguments (default: ${command})

Options:
  -y, --yes               accept the command without asking; without a terminal to ask on, and without this,
                          the command is declined
      --pace <ms>         milliseconds the reader takes for one event, 0 for the next turn of the event loop
                          (default: ${pace})
      --capacity <n>      events that may wait for the reader (default: ${capacity})
      --overflow <how>    what gives way when that many wait: drop-oldest, drop-newest, drop-all, or error,
                          which ends the view (default: ${overflow})
      --conflate <n>      fold output that waits into events of at most n characters (default: ${conflate})
      --no-conflate       leave every event as it is
  -h, --help              show this

At the end the counts are shown: emitted = delivered + skipped + conflated.

Exit codes:
${exitCodeLines()}
`;

function exitCodeLines(): string {
  const meanings: Readonly<Record<keyof typeof ExitCode, string>> = {
    Success: 'the command succeeded',
    CommandFailed: 'the command failed or could not be started',
    BadArguments: 'the arguments make no sense',
    Declined: 'the command was declined',
    TurnFailed: 'the turn failed for another reason',
    Overflowed: 'the reader fell behind (--overflow error)',
    Miscounted: 'the counts do not add up: a bug',
    Interrupted: 'interrupted by Ctrl-C',
  };
  return Object.entries(meanings)
    .map(([name, meaning]) => `  ${String(ExitCode[name as keyof typeof ExitCode]).padStart(3)}  ${meaning}`)
    .join('\n');
}
