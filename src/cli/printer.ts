import type { AppServerContract, CommandExecutionItem, Turn } from '../app-server/index.js';
import { isLagged, type Lagged } from '../backpressure/index.js';
import type { ClientEvent } from '../client/index.js';
import { gapLine } from './report-lines.js';
import type { Terminal } from './terminal.js';

const STYLES = { note: '2', gap: '33', bad: '31' } as const;

/** Shows a thread's events on a terminal, and remembers how command and turn ended. */
export class Printer {
  /** The last command that has ended. */
  command: CommandExecutionItem | undefined;
  /** The turn that has ended. */
  turn: Turn | undefined;
  private atLineStart = true;
  /** The command that has started and not yet been shown: a question about it may still stand on the screen. */
  private announcement: string | undefined;

  constructor(private readonly terminal: Terminal) {}

  show(event: ClientEvent<AppServerContract> | Lagged): void {
    if (isLagged(event)) {
      this.line(gapLine(event.skipped), 'gap');
      return;
    }
    if (event.type !== 'notification') return;
    switch (event.method) {
      case 'item/agentMessage/delta':
      case 'item/commandExecution/outputDelta':
        this.text(event.params.delta);
        break;
      case 'item/started':
        if (event.params.item.type === 'commandExecution') this.announcement = `$ ${event.params.item.command}`;
        break;
      case 'serverRequest/resolved':
        // The question is off the screen, and a command that says nothing for long should not look like no command.
        this.announce();
        break;
      case 'item/completed':
        if (event.params.item.type === 'commandExecution') this.command = event.params.item;
        break;
      case 'warning':
        this.line(`warning: ${event.params.message}`, 'gap');
        break;
      case 'error':
        this.line(`error: ${event.params.error.message}`, 'bad');
        break;
      case 'turn/completed':
        this.turn = event.params.turn;
        this.line(endLine(event.params.turn, this.command), 'note');
        break;
      default:
      // The rest is for programs.
    }
  }

  /** A line of the program's own, however the output before it ended. */
  line(text: string, style: keyof typeof STYLES): void {
    this.announce();
    const newline = this.atLineStart ? '' : '\n';
    const styled = this.terminal.hasColors ? `\u001b[${STYLES[style]}m${text}\u001b[0m` : text;
    this.terminal.write(`${newline}${styled}\n`);
    this.atLineStart = true;
  }

  private text(text: string): void {
    if (text === '') return;
    this.announce();
    this.terminal.write(text);
    this.atLineStart = text.endsWith('\n');
  }

  private announce(): void {
    const { announcement } = this;
    this.announcement = undefined;
    if (announcement !== undefined) this.line(announcement, 'note');
  }
}

function endLine({ status }: Turn, command: CommandExecutionItem | undefined): string {
  if (command === undefined) return `turn ${status}`;
  const exit = command.exitCode === null ? '' : `, exit code ${command.exitCode}`;
  return `turn ${status}: command ${command.status}${exit}`;
}
