import { Observable } from 'rxjs';

import type { Client, ServerRequest } from '../client/index.js';
import type { Contract, RequestId } from '../protocol/index.js';
import { SerialSubject } from '../scheduling/index.js';
import type { Approval, ApprovalContract, ApprovalMethod } from './approval.js';

const METHODS: ReadonlySet<string> = new Set<ApprovalMethod>([
  'item/commandExecution/requestApproval',
  'item/fileChange/requestApproval',
]);

/**
 * The decisions that wait for the user: a list, anew with each change.
 *
 * It emits at once what is open, so a dialog that mounts late finds what was asked before, also after the connection was
 * made anew. A question leaves the list when it is answered, by whomever, or when codex needs no answer any more.
 *
 * **Use it when** a view shows approvals. **Rather use** `client.handle` to answer without a view, and for the other
 * questions: permissions, and what a tool asks the user.
 *
 * - Loses: nothing. - On complete: when the connection has ended, after an empty list. - On unsubscribe: what is open
 * stays open. - Subscribers: any number; the first answer wins.
 *
 * @example
 * ```ts
 * approvals(codex).subscribe((open) => {
 *   for (const approval of open) if (approval.params.turnId === 'of-a-robot') approval.accept();
 * });
 * ```
 */
export function approvals<C extends ApprovalContract>(client: Client<C>): Observable<readonly Approval<C>[]> {
  return new Observable<readonly unknown[]>((subscriber) => {
    const open = new Map<RequestId, object>();
    // Whoever answers from inside `next` sees the shorter list after this one.
    const lists = new SerialSubject<readonly unknown[]>();
    let isReplaying = true;
    const tell = (): void => {
      if (!isReplaying) lists.next([...open.values()]);
    };
    const show = (request: ServerRequest<Contract>): void => {
      if (!METHODS.has(request.method)) return;
      const approval = toApproval(request);
      open.set(request.id, approval);
      tell();
      subscriber.add(
        request.settled$.subscribe(() => {
          // A connection that was made anew may ask under the same id.
          if (open.get(request.id) !== approval) return;
          open.delete(request.id);
          tell();
        }),
      );
    };
    const end = (): void => {
      // Who comes when all is over is told as well that nothing is open.
      if (isReplaying) lists.next([]);
      lists.complete();
    };
    const requests$ = (client as unknown as Client<Contract>).serverRequests$;
    subscriber.add(lists.subscribe(subscriber));
    subscriber.add(requests$.subscribe({ next: show, complete: end }));
    isReplaying = false;
    tell();
  }) as Observable<readonly Approval<C>[]>;
}

/** The members are the request's own, and so is the first answer. */
function toApproval(request: ServerRequest<Contract>): object {
  const decide = (decision: string) => () => request.respond({ decision });
  const { id, method, params, seq, settled$ } = request;
  return {
    id,
    method,
    params,
    seq,
    settled$,
    respond: (result: unknown) => request.respond(result),
    fail: (error: unknown) => request.fail(error),
    accept: decide('accept'),
    acceptForSession: decide('acceptForSession'),
    decline: decide('decline'),
    cancel: decide('cancel'),
  };
}
