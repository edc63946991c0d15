import type { Contract, Diagnostic, Limits, Message, Validation } from '../protocol/index.js';
import type { Deadlines } from '../scheduling/index.js';
import type { Command } from './client.js';

/** What a command lane needs of its client. */
export interface CommandLaneOwner {
  readonly contract: Contract;
  readonly limits: Limits;
  readonly validation: Validation;
  readonly deadlines: Deadlines;
  /** Milliseconds a request may take unless it says otherwise. */
  readonly timeout: number | undefined;
  /** Milliseconds an abandoned id waits for its late answer. */
  readonly cancelHold: number;
  /** Puts a message on the wire; false if the sink is now full. */
  put(message: Message): boolean;
  /** Shows what went out, if anybody looks. */
  sent(command: Command): void;
  diagnose(diagnostic: Diagnostic): void;
  /** Commands were stopped, and the last request somebody waited for has ended. */
  idle(): void;
}
