import { Observable, Subscription } from 'rxjs';

import {
  checkSchema,
  type Contract,
  type Diagnostic,
  ErrorCode,
  isRpcError,
  type Limits,
  type Message,
  messageOf,
  overloadedError,
  type RequestId,
  type RequestMessage,
  RpcError,
  type Validation,
} from '../protocol/index.js';
import { SerialSubject } from '../scheduling/index.js';
import { HandlerRun } from './handler-run.js';
import { OpenServerRequest } from './open-server-request.js';
import type { ServerRequest, ServerRequestHandler, Settled } from './server-request.js';

/** What an inbox needs of its client. */
export interface InboxOwner {
  readonly contract: Contract;
  readonly limits: Limits;
  readonly validation: Validation;
  /** Sends an answer, past every queue. Throws what the wire throws. */
  answer(message: Message): void;
  diagnose(diagnostic: Diagnostic): void;
  /** Runs a delivery so that what it causes waits until it is over. */
  serially(deliver: () => void): void;
}

type Handler = ServerRequestHandler<unknown, unknown>;

/** Settled ids that are remembered, so that a late answer is told from a wrong one. */
const REMEMBERED = 1_024;

/**
 * The questions a server has put to this client and that nobody has answered yet.
 *
 * A question waits here however slow or late the user interface is: a dialog that mounts a minute later finds it. It
 * leaves by one way only, and once: an answer, an error, or the server saying that it is settled.
 */
export class Inbox {
  readonly requests$: Observable<ServerRequest<Contract>>;

  private readonly open = new Map<RequestId, OpenServerRequest>();
  /** What an answer to them is told. */
  private readonly settled = new Map<RequestId, Settled>();
  private readonly handlers = new Map<string, Handler>();
  private readonly runs = new Map<OpenServerRequest, HandlerRun>();
  private readonly arrivals = new SerialSubject<ServerRequest<Contract>>();
  private settledCount = 0;
  private closed = false;

  constructor(private readonly owner: InboxOwner) {
    this.requests$ = new Observable((subscriber) => {
      // Later ones are not shown twice: what arrives while these are shown is shown by `arrivals` alone.
      const shown = this.list();
      const arrivals = this.arrivals.subscribe(subscriber);
      owner.serially(() => {
        for (const request of shown) if (request.isOpen && request.isPresented) subscriber.next(request);
      });
      return arrivals;
    });
  }

  get counts(): { open: number; settled: number } {
    return { open: this.open.size, settled: this.settledCount };
  }

  /** The open requests, by id. */
  list(): readonly OpenServerRequest[] {
    return [...this.open.values()].sort(byId);
  }

  /** Takes a request in, or refuses it. It is shown by {@link present} when its turn among the events has come. */
  admit({ id, method, params }: RequestMessage, seq: number): OpenServerRequest | undefined {
    const { contract, limits, validation } = this.owner;
    const spec = Object.hasOwn(contract.serverRequests, method) ? contract.serverRequests[method] : undefined;
    if (spec === undefined) {
      this.refuse(id, new RpcError(ErrorCode.MethodNotFound, `method not found: ${method}`));
      return undefined;
    }
    if (this.open.has(id)) {
      // Refusing it by its id would answer the first one.
      this.owner.diagnose({ type: 'duplicateRequest', id, method });
      return undefined;
    }
    if (this.open.size >= limits.serverRequests) {
      this.refuse(id, overloadedError());
      return undefined;
    }
    const issues = validation.events ? checkSchema(spec.params, params) : undefined;
    if (issues !== undefined) this.owner.diagnose({ type: 'invalidEvent', method, issues });
    const request = new OpenServerRequest(this, id, method, params, seq);
    this.open.set(id, request);
    return request;
  }

  /** Shows a request to its handler and to whoever looks. */
  present(request: OpenServerRequest): void {
    if (!request.isOpen) return;
    request.isPresented = true;
    const handler = this.handlers.get(request.method);
    if (handler !== undefined) this.run(handler, request);
    this.arrivals.next(request);
  }

  handle(method: string, handler: Handler): Subscription {
    if (this.handlers.has(method)) throw new TypeError(`"${method}" has a handler already`);
    this.handlers.set(method, handler);
    this.owner.serially(() => {
      for (const request of this.list()) {
        if (request.method === method && request.isOpen) this.run(handler, request);
      }
    });
    // Added, since RxJS keeps what a Subscription is made with: one that is kept after its end would hold us.
    const handling = new Subscription();
    handling.add(() => {
      this.handlers.delete(method);
      for (const [request, run] of [...this.runs]) if (request.method === method) this.stop(request, run);
    });
    return handling;
  }

  respond(id: RequestId, result: unknown): Settled {
    const request = this.open.get(id);
    return request === undefined ? this.verdict(id) : request.respond(result);
  }

  fail(id: RequestId, error: unknown): Settled {
    const request = this.open.get(id);
    return request === undefined ? this.verdict(id) : request.fail(error);
  }

  /** Gives a request its one answer. */
  settle(request: OpenServerRequest, answer: { readonly result: unknown } | { readonly error: unknown }): Settled {
    const { id, method } = request;
    if (this.closed) return 'closed';
    if (this.open.get(id) !== request) return request.verdict;
    this.remove(request);
    try {
      if ('error' in answer) {
        this.refuse(id, toRpcError(answer.error));
      } else {
        const { result } = answer;
        const empty = this.owner.contract.serverRequests[method]?.result === undefined ? {} : null;
        this.owner.answer({ id, result: result === undefined ? empty : result });
      }
    } catch (error) {
      this.owner.diagnose({ type: 'unsendable', method: undefined, error });
      this.refuse(id, new RpcError(ErrorCode.InternalError, `cannot be sent: ${messageOf(error)}`));
    }
    // Last, so that nothing its listeners send goes before the answer.
    request.tellSettled();
    return 'sent';
  }

  /** The server says that a request is settled, by whomever. */
  resolved(id: RequestId): void {
    const request = this.open.get(id);
    if (request === undefined) return;
    this.remove(request);
    request.tellSettled();
  }

  /** Fails everything that is open. Returns how many were. */
  failAll(error: RpcError): number {
    const open = this.list();
    for (const request of open) request.fail(error);
    return open.length;
  }

  /** The wire is gone: nothing can be answered any more. */
  close(): void {
    this.closed = true;
  }

  /** There is another wire. */
  reopen(): void {
    this.closed = false;
  }

  /** Settles what is open, for whoever asked hears no answer any more. What was received has been shown. */
  lose(): void {
    const open = this.list();
    for (const request of open) this.remove(request, 'closed');
    for (const request of open) request.tellSettled();
  }

  /** Shows and takes nothing any more. */
  end(): void {
    this.close();
    this.handlers.clear();
    this.lose();
    this.arrivals.complete();
  }

  private run(handler: Handler, request: OpenServerRequest): void {
    if (this.runs.has(request)) return;
    const run = new HandlerRun(request, (error) => {
      this.owner.diagnose({ type: 'handlerFailed', method: request.method, error });
    });
    this.runs.set(request, run);
    run.start(handler);
  }

  private stop(request: OpenServerRequest, run: HandlerRun): void {
    this.runs.delete(request);
    run.stop();
  }

  private remove(request: OpenServerRequest, verdict: Settled = 'alreadySettled'): void {
    const { id } = request;
    request.isOpen = false;
    request.verdict = verdict;
    this.open.delete(id);
    this.settledCount += 1;
    this.settled.set(id, verdict);
    if (this.settled.size > REMEMBERED) {
      for (const oldest of this.settled.keys()) {
        this.settled.delete(oldest);
        break;
      }
    }
    const run = this.runs.get(request);
    if (run !== undefined) this.stop(request, run);
  }

  private verdict(id: RequestId): Settled {
    return this.closed ? 'closed' : (this.settled.get(id) ?? 'unknown');
  }

  private refuse(id: RequestId, error: RpcError): void {
    this.owner.answer({ id, error: error.toObject() });
  }
}

function toRpcError(error: unknown): RpcError {
  if (isRpcError(error)) return error;
  return new RpcError(ErrorCode.InternalError, messageOf(error));
}

/** Integers in their order, then strings in theirs. */
function byId(a: { readonly id: RequestId }, b: { readonly id: RequestId }): number {
  if (typeof a.id !== typeof b.id) return typeof a.id === 'number' ? -1 : 1;
  return a.id < b.id ? -1 : 1;
}
