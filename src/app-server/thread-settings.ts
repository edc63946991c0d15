import type { ApprovalPolicy } from './schemas/thread.js';

/** How the agent of a thread is to work. */
export interface ThreadSettings {
  readonly cwd: string;
  readonly approvalPolicy: ApprovalPolicy;
  /** Null: whatever the agent uses by itself. */
  readonly model: string | null;
  /** Settings of this thread alone. */
  readonly config: Readonly<Record<string, unknown>>;
}
