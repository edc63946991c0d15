import type { Command } from '../commander.js';
import { exitCodeLines } from '../exit-code-lines.js';
import { UsageError } from '../usage-error.js';

/** The real codex; `binary` is `undefined` where it is to be found. */
export interface CodexChoice {
  readonly type: 'codex';
  readonly binary: string | undefined;
}

/** Which server works on the turn. */
export type ServerChoice =
  /** One in this process, which runs its input as a shell command. */
  | { readonly type: 'own' }
  | CodexChoice
  /** One that listens somewhere. */
  | { readonly type: 'connect'; readonly url: string; readonly tokenFile: string | undefined };

/** What `exec` is asked to do. */
export interface ExecOptions {
  readonly input: string;
  /** Answer every question with yes. */
  readonly yes: boolean;
  /** Print events as JSON, one a line. */
  readonly json: boolean;
  readonly server: ServerChoice;
}

interface Written {
  readonly yes?: boolean;
  readonly json?: boolean;
  readonly codex?: boolean;
  readonly codexBinary?: string;
  readonly connect?: string;
  readonly tokenFile?: string;
}

/** Describes `exec`, one turn of any server, and hands on what it is asked to do. */
export function defineExec(command: Command, chosen: (options: ExecOptions) => void): void {
  command
    .summary('run one turn and print what it says, or its events as JSON')
    .description(
      'Runs one turn and prints its output. The server is one in this process, which takes the input for a shell ' +
        'command, unless another one is named. The output is whole: who reads it slowly holds up the command.',
    )
    .argument('<input>', 'the shell command, or what the agent is to do')
    .option('-y, --yes', 'accept every command without asking; without a terminal and without this, all are declined')
    .option('--json', 'print one event a line as JSON, and a last line that tells how it ended')
    .option('--codex', 'ask codex: CODEX_BINARY, or the one that is installed')
    .option('--codex-binary <file>', 'ask this codex')
    .option('--connect <url>', 'ask the server that listens there: ws://HOST:PORT, wss://HOST or unix:PATH')
    .option('--token-file <file>', 'with --connect: the file with the token to show there')
    .addHelpText(
      'after',
      exitCodeLines([
        'Success',
        'CommandFailed',
        'BadArguments',
        'Declined',
        'TurnFailed',
        'Unavailable',
        'Interrupted',
      ]),
    )
    .action((input: string, written: Written) => {
      if (input.trim() === '') throw new UsageError('the input is empty');
      const { yes = false, json = false } = written;
      chosen({ input, yes, json, server: serverOf(written) });
    });
}

function serverOf({ codex = false, codexBinary, connect, tokenFile }: Written): ServerChoice {
  const isCodex = codex || codexBinary !== undefined;
  if (connect === undefined) {
    if (tokenFile !== undefined) throw new UsageError('--token-file goes with --connect');
    return isCodex ? { type: 'codex', binary: codexBinary } : { type: 'own' };
  }
  if (isCodex) throw new UsageError('--connect and --codex exclude each other');
  const isUrl = URL.canParse(connect) && ['ws:', 'wss:'].includes(new URL(connect).protocol);
  if (!isUrl && !/^unix:./.test(connect)) {
    throw new UsageError(`--connect takes ws://HOST:PORT, wss://HOST or unix:PATH, not "${connect}"`);
  }
  return { type: 'connect', url: connect, tokenFile };
}
