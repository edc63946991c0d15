import { isLagged, type Lagged } from '../backpressure/index.js';
import type { PeerEvent, PeerItem } from './peer.js';
import { gapLine } from './report-lines.js';
import type { Terminal } from './terminal.js';

const STYLES = { note: '2', gap: '33', bad: '31' } as const;

/** Shows a thread's events on a terminal. */
export class Printer {
  private atLineStart = true;
  /** The command that has started and not yet been shown: a question about it may still stand on the screen. */
  private announcement: string | undefined;
  /** Commands that run and have said nothing yet. Codex may tell what a quick one has said only at its end. */
  private readonly silent = new Set<string>();

  /** @param notes Where the program's own lines go. Default: to the output. */
  constructor(
    private readonly terminal: Terminal,
    private readonly notes: (text: string) => void = (text) => terminal.write(text),
  ) {}

  show(event: PeerEvent | Lagged): void {
    if (isLagged(event)) {
      this.silent.clear();
      this.line(gapLine(event.skipped), 'gap');
      return;
    }
    if (event.type !== 'notification') return;
    switch (event.method) {
      case 'item/agentMessage/delta':
      case 'item/commandExecution/outputDelta':
        this.silent.delete(event.params.itemId);
        this.text(event.params.delta);
        break;
      case 'item/started':
        this.announcement = announcementOf(event.params.item) ?? this.announcement;
        if (event.params.item.type === 'commandExecution') this.silent.add(event.params.item.id);
        break;
      case 'serverRequest/resolved':
        // The question is off the screen, and a command that says nothing for long should not look like no command.
        this.announce();
        break;
      case 'item/completed':
        if (announcementOf(event.params.item) !== undefined) this.announce();
        this.catchUp(event.params.item);
        break;
      case 'warning':
        this.line(`warning: ${event.params.message}`, 'gap');
        break;
      case 'error':
        this.line(`error: ${event.params.error.message}`, 'bad');
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
    this.notes(`${newline}${styled}\n`);
    this.atLineStart = true;
  }

  private text(text: string): void {
    if (text === '') return;
    this.announce();
    this.terminal.write(text);
    this.atLineStart = text.endsWith('\n');
  }

  private catchUp(item: PeerItem): void {
    if (!this.silent.delete(item.id) || item.type !== 'commandExecution' || item.status === 'declined') return;
    this.text(item.aggregatedOutput ?? '');
  }

  private announce(): void {
    const { announcement } = this;
    this.announcement = undefined;
    if (announcement !== undefined) this.line(announcement, 'note');
  }
}

/** The line that shows what is done, for what deserves one. */
function announcementOf(item: PeerItem): string | undefined {
  if (item.type === 'commandExecution') return `$ ${item.command}`;
  return item.type === 'fileChange' ? `changes ${item.changes.map(({ path }) => path).join(', ')}` : undefined;
}
