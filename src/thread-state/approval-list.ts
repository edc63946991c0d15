import { isRequestId } from '../protocol/index.js';
import { jsonObject } from './json-object.js';
import type { Approval, ThreadState } from './thread-state.js';

type Approvals = ThreadState['approvals'];

/** A server request as a question that waits; undefined if it cannot be answered. */
export function approvalOf({ id, method, params }: Readonly<Record<string, unknown>>): Approval | undefined {
  if (!isRequestId(id) || typeof method !== 'string') return undefined;
  const { turnId, itemId } = jsonObject(params);
  return {
    id,
    method,
    turnId: typeof turnId === 'string' ? turnId : undefined,
    itemId: typeof itemId === 'string' ? itemId : undefined,
    params,
  };
}

/** The list with this question added, unless it is there. */
export function withApproval(approvals: Approvals, approval: Approval): Approvals {
  return approvals.some(({ id }) => id === approval.id) ? approvals : [...approvals, approval];
}

/** The list without the questions that are settled; the list itself if none is. */
export function settleApprovals(approvals: Approvals, isSettled: (approval: Approval) => boolean): Approvals {
  return approvals.some(isSettled) ? approvals.filter((approval) => !isSettled(approval)) : approvals;
}
