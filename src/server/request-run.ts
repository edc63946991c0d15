import { isObservable, Observable, type Subscription } from 'rxjs';

import {
  type Contract,
  type Diagnostic,
  ErrorCode,
  isPromiseLike,
  isRpcError,
  messageOf,
  type RequestId,
  type RequestSpec,
  RpcError,
  type Sent,
} from '../protocol/index.js';
import type { KeyedTask, Linked } from '../scheduling/index.js';
import type { Connection, Session } from './connection.js';
import type { HandlerContext, ServerRequestOptions } from './server.js';

/** A method of the contract and the function that serves it. */
export interface Route {
  readonly method: string;
  readonly spec: RequestSpec;
  readonly handler: (params: unknown, context: unknown) => unknown;
}

/** Who decides when a run may start, and takes what comes of it. */
export interface RunOwner<C extends Contract> {
  readonly connection: Connection<C>;
  /** The connection has ended: nobody waits for an answer. */
  readonly isEnded: boolean;
  /** The run's scope is free. */
  granted(run: RequestRun<C>): void;
  /** The run leaves without having started. */
  withdraw(run: RequestRun<C>): void;
  /** The run has its one answer; `isReal`: from its handler. */
  answer(run: RequestRun<C>, result: unknown, error: RpcError | undefined, isReal: boolean): void;
  /** The handler has ended, answered or not. */
  finished(run: RequestRun<C>): void;
  ask(method: string, params: unknown, options: ServerRequestOptions | undefined): Observable<unknown>;
  diagnose(diagnostic: Diagnostic): void;
}

/**
 * One request at the server, from its admission to its one answer.
 *
 * It is also the context its handler gets, the task in the queue of its scope and the entry in the table of active
 * requests: a request costs one object here. The answer and the end of the handler are two things: a cancelled request
 * is answered at once, while its scope stays taken until a handler that returned a promise has really ended.
 */
export class RequestRun<C extends Contract> implements HandlerContext<C>, KeyedTask {
  readonly key: string;
  // Declared and not initialised: most requests never wait, and should not pay for it.
  declare queue: object | undefined;
  declare previous: Linked | undefined;
  declare next: Linked | undefined;

  /** `waiting` to be started, `running`, or `over`. */
  stage: 'waiting' | 'running' | 'over' = 'waiting';
  private answered = false;
  private controller: AbortController | undefined;
  private abortedBy: RpcError | undefined;
  private work: Subscription | undefined;

  constructor(
    private readonly owner: RunOwner<C>,
    readonly id: RequestId,
    readonly params: unknown,
    readonly route: Route,
    scope: string | undefined,
  ) {
    this.key = scope ?? '';
  }

  get shared(): boolean {
    return this.route.spec.access === 'shared';
  }

  get isAnswered(): boolean {
    return this.answered;
  }

  get method(): string {
    return this.route.method;
  }

  get connection(): Connection<C> {
    return this.owner.connection;
  }

  get session(): Session {
    return this.owner.connection.session;
  }

  get signal(): AbortSignal {
    if (this.controller === undefined) {
      this.controller = new AbortController();
      if (this.answered) this.controller.abort(this.abortedBy);
    }
    return this.controller.signal;
  }

  // Both are typed by `HandlerContext`; rest parameters would cost an array for each event here.
  notify(method: string, params?: unknown): Sent {
    return (this.owner.connection as { notify(method: string, params: unknown): Sent }).notify(method, params);
  }

  request(method: string, params?: unknown, options?: ServerRequestOptions): Observable<never> {
    return new Observable((subscriber) => {
      // A handler that awaits the answer cannot unsubscribe: a question that outlived its request would stay open.
      const abort = (): void => {
        subscriber.error(this.abortedBy);
      };
      if (this.abortedBy !== undefined) {
        abort();
        return;
      }
      if (!this.answered) {
        const { signal } = this;
        signal.addEventListener('abort', abort);
        subscriber.add(() => {
          signal.removeEventListener('abort', abort);
        });
      }
      subscriber.add((this.owner.ask(method, params, options) as Observable<never>).subscribe(subscriber));
    });
  }

  /** The scope is free: the request may run as soon as there is a place for one more handler. */
  start(): void {
    this.owner.granted(this);
  }

  /** Calls the handler and adopts what it returns. */
  execute(): void {
    this.stage = 'running';
    let outcome: unknown;
    try {
      outcome = this.route.handler(this.params, this);
      if (isPromiseLike(outcome)) {
        outcome.then(
          (value) => {
            this.succeed(value);
          },
          (error: unknown) => {
            this.fail(error);
          },
        );
        return;
      }
    } catch (error) {
      this.fail(error);
      return;
    }
    if (!isObservable(outcome)) this.succeed(outcome);
    else if (this.answered || this.owner.isEnded) this.over();
    else this.follow(outcome);
  }

  /** Answers with an error and stops the handler, or keeps it from starting. */
  abort(error: RpcError): void {
    this.abortedBy ??= error;
    if (this.stage === 'waiting') {
      // Over before it leaves: its leaving may start others, and these may stop everything.
      this.stage = 'over';
      this.answer(undefined, error, false);
      this.owner.withdraw(this);
    } else {
      this.answer(undefined, error, false);
    }
    this.controller?.abort(error);
    if (this.work !== undefined) this.stopWork(this.work);
  }

  private follow(outcome: Observable<unknown>): void {
    const work = outcome.subscribe(new LastValue(this));
    if (this.stage === 'over') return;
    this.work = work;
    // Aborted while it was being subscribed, when there was nothing to unsubscribe yet.
    if (this.answered) {
      this.stopWork(work);
    }
  }

  private stopWork(work: Subscription): void {
    try {
      work.unsubscribe();
    } catch (error) {
      this.owner.diagnose({ type: 'handlerFailed', method: this.method, error });
    }
    this.over();
  }

  /** The handler has its result. */
  succeed(value: unknown): void {
    this.answer(value === undefined ? (this.route.spec.result === undefined ? {} : null) : value, undefined);
    this.over();
  }

  /** The handler has failed. */
  fail(error: unknown): void {
    if (isRpcError(error)) {
      this.answer(undefined, error);
    } else {
      if (!this.answered) this.owner.diagnose({ type: 'handlerFailed', method: this.method, error });
      this.answer(undefined, new RpcError(ErrorCode.InternalError, messageOf(error)));
    }
    this.over();
  }

  private answer(result: unknown, error: RpcError | undefined, isReal = true): void {
    if (this.answered) return;
    this.answered = true;
    this.owner.answer(this, result, error, isReal);
  }

  private over(): void {
    if (this.stage === 'over') return;
    const ran = this.stage === 'running';
    this.stage = 'over';
    this.work = undefined;
    if (ran) this.owner.finished(this);
  }
}

/** Listens to what a handler returned: of its values the last one counts. */
class LastValue {
  private last: unknown;

  constructor(private readonly run: { succeed(value: unknown): void; fail(error: unknown): void }) {}

  next(value: unknown): void {
    this.last = value;
  }

  error(error: unknown): void {
    this.run.fail(error);
  }

  complete(): void {
    this.run.succeed(this.last);
  }
}
