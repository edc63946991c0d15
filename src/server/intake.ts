import type { Observable } from 'rxjs';

import {
  checkSchema,
  type Contract,
  type Diagnostic,
  ErrorCode,
  isRequestId,
  type Limits,
  type Message,
  overloadedError,
  type RequestId,
  type RequestMessage,
  RpcError,
  type Validation,
} from '../protocol/index.js';
import { type KeyedQueue, LinkedQueue } from '../scheduling/index.js';
import type { Connection } from './connection.js';
import { RequestRun, type Route, type RunOwner } from './request-run.js';
import type { ServerRequestOptions } from './server.js';
import type { SessionState } from './session-state.js';

/** What an intake needs of its connection and of the server behind it. */
export interface IntakeHost<C extends Contract> {
  readonly connection: Connection<C>;
  readonly session: SessionState;
  readonly limits: Limits;
  readonly validation: Validation;
  readonly routes: ReadonlyMap<string, Route>;
  /** The route of the request that opens a session. */
  readonly handshake: Route | undefined;
  /** The order of requests within a scope, shared by all connections. */
  readonly keyed: KeyedQueue;
  readonly isEnded: boolean;
  /** @param inOrder Behind the events that wait, not before them. */
  answer(message: Message, inOrder?: boolean): void;
  answerHandshake(id: RequestId, params: unknown, result: unknown, error: RpcError | undefined): void;
  ask(method: string, params: unknown, options: ServerRequestOptions | undefined): Observable<unknown>;
  diagnose(diagnostic: Diagnostic): void;
  /** Something a shutdown may wait for is done. */
  progressed(): void;
}

/**
 * Decides for each incoming request of a connection whether it is refused, waits or runs.
 *
 * The checks come in a fixed order: id, duplicate, session, method, experimental, params, capacity, scope. A request
 * that waits, for its scope or for one of the places `concurrency` leaves, takes one of `limits.requests`. Urgent ones
 * go past all of this, within a bound of the same size of their own.
 */
export class Intake<C extends Contract> implements RunOwner<C> {
  private readonly active = new Map<RequestId, RequestRun<C>>();
  /** Runs whose scope is free and that wait for a place to run in. */
  private readonly ready = new LinkedQueue<RequestRun<C>>();
  private running = 0;
  private urgent = 0;
  private waiting = 0;
  private answered = 0;
  private starting = false;
  private stopped: RpcError | undefined;

  constructor(private readonly host: IntakeHost<C>) {}

  get connection(): Connection<C> {
    return this.host.connection;
  }

  get isEnded(): boolean {
    return this.host.isEnded;
  }

  get counts(): { running: number; waiting: number; answered: number } {
    return { running: this.running + this.urgent, waiting: this.waiting, answered: this.answered };
  }

  get isIdle(): boolean {
    return this.running + this.urgent + this.waiting === 0;
  }

  receive(message: RequestMessage): void {
    const { id, method, params } = message;
    if (!isRequestId(id)) {
      this.refuse(null, new RpcError(ErrorCode.InvalidRequest, 'a request id is a string or a safe integer'));
    } else if (this.active.has(id)) {
      this.host.diagnose({ type: 'duplicateRequest', id, method });
      // Answered without the id: under it, the answer would end the request that has it.
      this.refuse(null, new RpcError(ErrorCode.InvalidRequest, `duplicate request id: ${id}`, { id }));
    } else {
      const admitted = this.admit(id, method, params);
      if (admitted instanceof RequestRun) this.enter(admitted);
      else this.refuse(id, admitted);
    }
  }

  ask(method: string, params: unknown, options: ServerRequestOptions | undefined): Observable<unknown> {
    return this.host.ask(method, params, options);
  }

  diagnose(diagnostic: Diagnostic): void {
    this.host.diagnose(diagnostic);
  }

  /** The client takes a request back. */
  cancel(id: RequestId): void {
    this.active.get(id)?.abort(new RpcError(ErrorCode.RequestCancelled, 'request cancelled'));
  }

  /** A run's scope is free: it starts as soon as there is a place. */
  granted(run: RequestRun<C>): void {
    if (this.stopped === undefined && this.running < this.host.limits.concurrency) this.run(run);
    else this.ready.push(run);
  }

  /** A run that has not started leaves. */
  withdraw(run: RequestRun<C>): void {
    this.waiting -= 1;
    const { keyed } = this.host;
    if (this.ready.delete(run)) {
      // It already held its scope.
      if (run.key !== '') keyed.release(run);
    } else {
      keyed.withdraw(run);
    }
  }

  /** A run has its one answer; `isReal`: from its handler. */
  answer(run: RequestRun<C>, result: unknown, error: RpcError | undefined, isReal: boolean): void {
    if (this.active.get(run.id) === run) this.active.delete(run.id);
    if (isReal) this.answered += 1;
    const { host } = this;
    if (run.route === host.handshake) host.answerHandshake(run.id, run.params, result, error);
    else if (error === undefined) host.answer({ id: run.id, result }, run.route.spec.ordered);
    else host.answer({ id: run.id, error: error.toObject() });
  }

  /** A handler has ended, answered or not: its scope and its place are free. */
  finished(run: RequestRun<C>): void {
    if (run.route.spec.urgent === true) this.urgent -= 1;
    else {
      this.running -= 1;
      this.startReady();
      if (run.key !== '') this.host.keyed.release(run);
    }
    this.host.progressed();
  }

  /** From now on nothing starts. */
  close(error: RpcError): void {
    this.stopped = error;
  }

  /** Refuses all that has not started, once closed. Returns how many waited. */
  stop(): number {
    const waiting = [...this.active.values()].filter((run) => run.stage === 'waiting');
    if (this.stopped !== undefined) for (const run of waiting) run.abort(this.stopped);
    return waiting.length;
  }

  /** Stops all handlers. Returns how many ran. */
  abort(error: RpcError): number {
    this.close(error);
    this.stop();
    const running = [...this.active.values()];
    for (const run of running) run.abort(error);
    return running.length;
  }

  private admit(id: RequestId, method: string, params: unknown): RequestRun<C> | RpcError {
    const { host, stopped } = this;
    const { session } = host;
    if (stopped !== undefined) return stopped;
    const route = host.routes.get(method);
    const opens = route !== undefined && route === host.handshake;
    if (opens ? session.state !== 'new' : session.state !== 'open') {
      return new RpcError(ErrorCode.InvalidRequest, opens ? 'Already initialized' : 'Not initialized');
    }
    if (route === undefined) return new RpcError(ErrorCode.MethodNotFound, `method not found: ${method}`);
    const { spec } = route;
    if (spec.experimental === true && !session.experimental) {
      return new RpcError(ErrorCode.InvalidRequest, `${method} requires experimentalApi capability`);
    }
    let scope: string | undefined;
    try {
      const issues = host.validation.params ? checkSchema(spec.params, params) : undefined;
      if (issues !== undefined) return new RpcError(ErrorCode.InvalidParams, `invalid params: ${method}`, { issues });
      scope = spec.scope?.(params);
    } catch (error) {
      host.diagnose({ type: 'callbackFailed', method, error });
      return new RpcError(ErrorCode.InternalError, `the contract's callback for ${method} failed`);
    }
    if (!this.hasRoom(route, scope)) {
      return overloadedError();
    }
    if (opens) session.state = 'opening';
    return new RequestRun(this, id, params, route, spec.urgent === true ? undefined : scope);
  }

  private hasRoom({ spec }: Route, scope: string | undefined): boolean {
    const { keyed, limits } = this.host;
    if (spec.urgent === true) return this.urgent < limits.requests;
    if (this.waiting < limits.requests) return true;
    const mustWait =
      this.running >= limits.concurrency || (scope !== undefined && keyed.isBusy(scope, spec.access === 'shared'));
    return !mustWait;
  }

  private enter(run: RequestRun<C>): void {
    if (run.route.spec.urgent === true) {
      this.urgent += 1;
      run.execute();
    } else {
      this.waiting += 1;
      if (run.key === '') this.granted(run);
      else this.host.keyed.enqueue(run);
    }
    // A handler that answered at once never needs to be found again; that keeps the common case out of the map.
    if (run.isAnswered) return;
    this.active.set(run.id, run);
    if (this.stopped !== undefined && this.host.isEnded) run.abort(this.stopped);
  }

  private run(run: RequestRun<C>): void {
    this.waiting -= 1;
    this.running += 1;
    run.execute();
  }

  private startReady(): void {
    if (this.starting) return;
    this.starting = true;
    try {
      while (this.stopped === undefined && this.running < this.host.limits.concurrency) {
        const run = this.ready.shift();
        if (run === undefined) break;
        this.run(run);
      }
    } finally {
      this.starting = false;
    }
  }

  private refuse(id: RequestId | null, error: RpcError): void {
    this.host.answer({ id, error: error.toObject() });
  }
}
