import type { ApprovalPolicy } from '../schemas/thread.js';

/** What a store knows of a thread without reading its turns. */
export interface ThreadSummary {
  readonly id: string;
  /** Given by a user. */
  readonly name: string | null;
  /** The beginning of the first thing the user said; empty before that. */
  readonly preview: string;
  readonly cwd: string;
  /** Which kind of program started it. */
  readonly source: string;
  readonly approvalPolicy: ApprovalPolicy;
  /** Seconds since 1970. */
  readonly createdAt: number;
  readonly updatedAt: number;
  readonly archived: boolean;
}
