import type { Command } from '../commander.js';
import { exitCodeLines } from '../exit-code-lines.js';
import { UsageError } from '../usage-error.js';

/** What `codegen` is asked to do. */
export interface CodegenOptions {
  /** The codex to ask; `undefined`: the one that is found. */
  readonly binary: string | undefined;
  /** The folder the contract is written to. */
  readonly out: string;
  /** Methods and events that may still change, too. */
  readonly experimental: boolean;
}

interface Written {
  readonly codex?: string;
  readonly out: string;
  readonly experimental?: boolean;
}

/** Describes `codegen`, a typed contract of one's own codex, and hands on what it is asked to do. */
export function defineCodegen(command: Command, chosen: (options: CodegenOptions) => void): void {
  command
    .summary('write the typed contract of the codex you have')
    .description('Asks a codex for the schemas of its protocol and writes a typed contract of them.')
    .option('--codex <binary>', 'the codex to ask (default: CODEX_BINARY, or the one that is installed)')
    .requiredOption('--out <folder>', 'where to write; it is made if it is not there')
    .option('--experimental', 'what may still change, too')
    .addHelpText('after', exitCodeLines(['Success', 'BadArguments', 'Unavailable', 'Interrupted']))
    .action(({ codex, out, experimental = false }: Written) => {
      if (out.trim() === '') throw new UsageError('--out takes a folder');
      if (codex?.trim() === '') throw new UsageError('--codex takes the path of a program');
      chosen({ binary: codex, out, experimental });
    });
}
