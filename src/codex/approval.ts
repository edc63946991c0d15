import type { Observable } from 'rxjs';

import type { ServerRequest, Settled } from '../client/index.js';
import type { Contract, NotificationSpec, RequestSpec, ServerRequestSpec } from '../protocol/index.js';

/** What an approval is about, as far as it is told. */
export interface ApprovalParams {
  readonly threadId: string;
  readonly turnId: string;
  readonly itemId: string;
}

/** The words {@link approvals} needs of a contract. */
export type ApprovalContract = Contract<
  Readonly<Record<string, RequestSpec>>,
  Readonly<Record<string, NotificationSpec>>,
  { readonly 'item/commandExecution/requestApproval': ServerRequestSpec<ApprovalParams> },
  Readonly<Record<string, NotificationSpec>>
>;

/** The questions that are answered by a decision, by method. */
export type ApprovalMethod = 'item/commandExecution/requestApproval' | 'item/fileChange/requestApproval';

/** A question that waits for the user's decision. Whoever answers first, here or elsewhere, settles it. */
export type Approval<C extends ApprovalContract> = Extract<ServerRequest<C>, { readonly method: ApprovalMethod }> & {
  /** Emits once and completes when nobody needs to decide any more: a dialog goes by it. */
  readonly settled$: Observable<void>;
  /** Do it. */
  accept(): Settled;
  /** Do it, and the like of it in this thread without asking. */
  acceptForSession(): Settled;
  /** Do not; the turn goes on without it. Codex takes it even where it does not propose it. */
  decline(): Settled;
  /** Do not, and interrupt the turn. */
  cancel(): Settled;
};
