import { Observable, type SchedulerLike, type Subscriber } from 'rxjs';

import { PendingRequest, PendingRequests } from '../correlation/index.js';
import {
  checkSchema,
  type Contract,
  DecodeError,
  type Diagnostic,
  ErrorCode,
  type ErrorMessage,
  type ErrorObject,
  type ResultMessage,
  RpcError,
  TransportError,
} from '../protocol/index.js';
import { Deadlines } from '../scheduling/index.js';
import { type Member, MemberGroup } from './member-group.js';
import type { OpenRequest, ServerRequestOptions } from './server.js';

/** A question and those it was put to. */
class Question<C extends Contract> extends PendingRequest implements OpenRequest {
  readonly recipients = new Set<Member<C>>();

  constructor(
    method: string,
    params: unknown,
    subscriber: Subscriber<unknown>,
    owner: OpenRequests<C>,
    readonly target: Member<C> | MemberGroup<C>,
  ) {
    super(method, params, subscriber, owner);
  }
}

/**
 * The questions a server has asked and not yet got answered, over all its connections.
 *
 * Ids come from one counter, so the same question has the same id for everyone it is put to. Whatever ends a question
 * (an answer, an error, the time limit, the last client leaving, the asker losing interest, shutdown) ends it once, and
 * everyone who was asked is told so by the contract's `resolved` notification.
 */
export class OpenRequests<C extends Contract> {
  private readonly pending = new PendingRequests<Question<C>>();
  private readonly deadlines: Deadlines;
  private stopped: RpcError | undefined;
  private settledCount = 0;

  constructor(
    private readonly contract: Contract,
    scheduler: SchedulerLike,
    private readonly owner: { diagnose(diagnostic: Diagnostic): void },
  ) {
    this.deadlines = new Deadlines(scheduler);
  }

  get counts(): { open: number; settled: number } {
    return { open: this.pending.size, settled: this.settledCount };
  }

  list(): readonly OpenRequest[] {
    return [...this.pending.values()].map(({ id, method, params }) => ({ id, method, params }));
  }

  /** The question as an observable: subscribing asks, unsubscribing takes it back. */
  ask(
    target: Member<C> | MemberGroup<C>,
    method: string,
    params: unknown,
    options: ServerRequestOptions | undefined,
  ): Observable<unknown> {
    return new Observable((subscriber) => {
      const question = new Question(method, params, subscriber, this, target);
      if (this.stopped !== undefined) {
        question.reject(this.stopped);
      } else if (!(target instanceof MemberGroup) && target.isEnded) {
        question.reject(new TransportError('closed', 'the client is gone', method));
      } else {
        this.open(question, options?.timeout ?? this.contract.serverRequests[method]?.timeout);
      }
      return question;
    });
  }

  /** Puts the open questions of a group to one who has joined it. */
  replay(group: MemberGroup<C>, connection: Member<C>): void {
    for (const question of this.pending.values()) {
      if (question.target === group) this.put(question, connection);
    }
  }

  /** An answer has come. Returns false if nobody asked this client. */
  answer(from: Member<C>, message: ResultMessage | ErrorMessage): boolean {
    const question = message.id === null ? undefined : this.pending.get(message.id);
    if (!question?.recipients.has(from)) return false;
    if ('error' in message) {
      if (isLeftToOthers(question, message.error)) question.recipients.delete(from);
      else
        this.settle(question, () => {
          question.reject(RpcError.from(message.error, question.method, this.contract));
        });
      return true;
    }
    const { result } = message;
    const issues = from.validation.results
      ? checkSchema(this.contract.serverRequests[question.method]?.result, result)
      : undefined;
    this.settle(question, () => {
      if (issues === undefined) question.resolve(result);
      else question.reject(new DecodeError(question.method, issues, result));
    });
    return true;
  }

  /** A client is gone: what only it was asked fails, what a group was asked stays open. */
  leave(connection: Member<C>): void {
    for (const question of [...this.pending.values()]) {
      question.recipients.delete(connection);
      if (question.target !== connection) continue;
      this.settle(question, () => {
        question.reject(new TransportError('closed', 'the client is gone', question.method));
      });
    }
  }

  /** Fails all questions, and all that will still be asked. Returns how many were open. */
  stop(error: RpcError): number {
    this.stopped = error;
    const open = [...this.pending.values()];
    for (const question of open)
      this.settle(question, () => {
        question.reject(error);
      });
    this.deadlines.clear();
    return open.length;
  }

  /** Fails the questions that were put to a target. Returns how many were open. */
  fail(target: Member<C> | MemberGroup<C>, error: RpcError): number {
    const open = [...this.pending.values()].filter((question) => question.target === target);
    for (const question of open)
      this.settle(question, () => {
        question.reject(error);
      });
    return open.length;
  }

  abandoned(question: PendingRequest): void {
    this.settle(question as Question<C>, () => {
      question.abandon();
    });
  }

  expired(question: PendingRequest): void {
    this.settle(question as Question<C>, () => {
      question.reject(new TransportError('timeout', 'no answer in time', question.method));
    });
  }

  private open(question: Question<C>, timeout: number | undefined): void {
    this.pending.add(question);
    question.state = 'sent';
    if (timeout !== undefined) this.deadlines.add(question, timeout);
    const { target } = question;
    if (!(target instanceof MemberGroup)) this.put(question, target);
    else for (const member of target.members) if (!target.isArriving(member)) this.put(question, member);
  }

  private put(question: Question<C>, connection: Member<C>): void {
    // Answered in the meantime, from inside the delivery to another member.
    if (question.state !== 'sent' || question.recipients.has(connection)) return;
    question.recipients.add(connection);
    const { id, method, params } = question;
    connection.outbound.serverRequest({ id, method, params });
  }

  private settle(question: Question<C>, tell: () => void): void {
    if (this.pending.get(question.id) !== question) return;
    this.pending.delete(question);
    this.deadlines.delete(question);
    this.settledCount += 1;
    this.announce(question);
    tell();
  }

  private announce({ id, method, params, recipients }: Question<C>): void {
    const { resolved } = this.contract;
    if (resolved === undefined || recipients.size === 0) return;
    try {
      const message = { method: resolved.method, params: resolved.params({ id, method, params }) };
      for (const connection of recipients) connection.outbound.event(message);
    } catch (error) {
      this.owner.diagnose({ type: 'callbackFailed', method: resolved.method, error });
    }
  }
}

/** Whether a refusal is about the client that made it, so that it must not decide the question for the others. */
function isLeftToOthers<C extends Contract>({ target, recipients }: Question<C>, { code, data }: ErrorObject): boolean {
  // A page that is being reloaded refuses what it shows; the next one finds it.
  const isLeaving = (data as { readonly reason?: unknown } | undefined)?.reason === 'shuttingDown';
  if (isLeaving) return target instanceof MemberGroup;
  return recipients.size > 1 && (code === ErrorCode.MethodNotFound || code === ErrorCode.Overloaded);
}
