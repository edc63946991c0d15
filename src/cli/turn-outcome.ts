import { isLagged, type Lagged } from '../backpressure/index.js';
import { ExitCode } from './exit-code.js';
import type { PeerEvent } from './peer.js';

/** How a turn ended, and its last command, as its events tell. */
export class TurnOutcome {
  private turn: { readonly status: string } | undefined;
  private command: { readonly status: string; readonly exitCode?: number | null } | undefined;

  /** @param isCommand Whether the turn is its one command. To an agent, a command that fails is a step on its way. */
  constructor(private readonly isCommand: boolean) {}

  note(event: PeerEvent | Lagged): void {
    if (isLagged(event) || event.type !== 'notification') return;
    if (event.method === 'turn/completed') this.turn = event.params.turn;
    if (event.method === 'item/completed' && event.params.item.type === 'commandExecution') {
      this.command = event.params.item;
    }
  }

  /** Of the turn, or null if its end has not been seen. */
  get status(): string | null {
    return this.turn?.status ?? null;
  }

  get exitCode(): ExitCode {
    const { turn } = this;
    const command = this.isCommand ? this.command : undefined;
    if (turn?.status === 'interrupted' || command?.status === 'declined') return ExitCode.Declined;
    if (turn?.status !== 'completed') return ExitCode.TurnFailed;
    return command === undefined || command.status === 'completed' ? ExitCode.Success : ExitCode.CommandFailed;
  }

  /** The end in words. */
  get line(): string {
    const { turn, command } = this;
    if (turn === undefined) return 'the turn did not end';
    if (command === undefined || !this.isCommand) return `turn ${turn.status}`;
    const exit = command.exitCode === null || command.exitCode === undefined ? '' : `, exit code ${command.exitCode}`;
    return `turn ${turn.status}: command ${command.status}${exit}`;
  }
}
