import { Command, CommanderError } from './commander.js';
import { exitCodeLines } from './exit-code-lines.js';
import { type BridgeOptions, defineBridge } from './options/bridge-options.js';
import { type CodegenOptions, defineCodegen } from './options/codegen-options.js';
import { defineExec, type ExecOptions } from './options/exec-options.js';
import { defineRun, type RunOptions } from './options/run-options.js';
import { defineServe, type ServeOptions } from './options/serve-options.js';
import { UsageError } from './usage-error.js';
import { VERSION } from './version.js';

/** What the arguments ask for, or why they ask for nothing. */
export type Task =
  | { readonly type: 'run'; readonly options: RunOptions }
  | { readonly type: 'exec'; readonly options: ExecOptions }
  | { readonly type: 'serve'; readonly options: ServeOptions }
  | { readonly type: 'bridge'; readonly options: BridgeOptions }
  | { readonly type: 'codegen'; readonly options: CodegenOptions }
  /** To be printed: a help text, the version. */
  | { readonly type: 'told'; readonly text: string }
  | { readonly type: 'invalid'; readonly message: string };

/** Columns of a help text. */
const WIDTH = 100;

/** Reads the program's arguments. Unless the first one names a command or asks about the program, `run` is meant. */
export function parseArguments(args: readonly string[]): Task {
  let task: Task | undefined;
  let text = '';
  const program = defineProgram(
    (chosen) => (task = chosen),
    (written) => (text += written),
  );
  const [first = ''] = args;
  const isOfProgram = ['help', '-h', '--help', '-V', '--version', ...program.commands.map((it) => it.name())].includes(
    first,
  );
  try {
    program.parse(isOfProgram ? args : ['run', ...args], { from: 'user' });
    return task ?? { type: 'told', text };
  } catch (error) {
    if (error instanceof UsageError) return { type: 'invalid', message: error.message };
    if (!(error instanceof CommanderError)) throw error;
    if (error.exitCode === 0) return { type: 'told', text };
    // What the library says of `help <no command>` is the help itself.
    if (error.code === 'commander.help') return { type: 'invalid', message: `unknown command '${args[1] ?? ''}'` };
    return { type: 'invalid', message: oneLine(error.message) };
  }
}

function defineProgram(chosen: (task: Task) => void, write: (text: string) => void): Command {
  const program = new Command('rx-sluice')
    .description('App servers on the command line: in this process, behind a wire, and in front of a program.')
    .version(VERSION)
    .enablePositionalOptions()
    .exitOverride()
    .configureHelp({ helpWidth: WIDTH })
    .configureOutput({ writeOut: write, writeErr: () => undefined, getOutHasColors: () => false });
  defineRun(program.command('run'), (options) => chosen({ type: 'run', options }));
  defineExec(program.command('exec'), (options) => chosen({ type: 'exec', options }));
  defineServe(program.command('serve'), (options) => chosen({ type: 'serve', options }));
  defineBridge(program.command('bridge'), (options) => chosen({ type: 'bridge', options }));
  defineCodegen(program.command('codegen'), (options) => chosen({ type: 'codegen', options }));
  const [run] = program.commands;
  return program
    .addHelpText('after', exitCodeLines())
    .addHelpText('after', () => `\nWithout the name of a command, run is meant:\n\n${run?.helpInformation() ?? ''}`);
}

/** What the argument library says, in the form of the program's own complaints. */
function oneLine(message: string): string {
  return message
    .replace(/^error: /, '')
    .replaceAll(/\s*\n\s*/g, ' ')
    .replace(/\.$/, '');
}
