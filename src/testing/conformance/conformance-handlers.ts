import { asyncScheduler, Observable, of, type SchedulerLike } from 'rxjs';

import { type Diagnostic, ErrorCode, isRpcError, isTransportError, RpcError, type Wire } from '../../protocol/index.js';
import type { HandlerContext, Handlers, Server } from '../../server/index.js';
import type { Burst, ConformanceContract, Held, Observed, Outcome } from './conformance-contract.js';

type Context = HandlerContext<ConformanceContract>;

/** Events a paced source sends in one turn. */
const PER_TURN = 100;

/** What one conformance server knows, beside what it is asked. */
export class ConformanceHandlers {
  readonly handlers: Handlers<ConformanceContract>;

  private readonly started: string[] = [];
  private readonly aborted: string[] = [];
  private readonly notes: unknown[] = [];
  private readonly diagnostics: Observed['diagnostics'][number][] = [];
  private readonly held = new Map<string, (key: string) => void>();
  private isReleased = false;
  private asked = 0;
  private refusals = 0;

  constructor(
    private readonly wire: Wire,
    private readonly server: () => Server<ConformanceContract>,
    private readonly scheduler: SchedulerLike = asyncScheduler,
  ) {
    const hold = (params: Held): Observable<string> => this.hold(params);
    this.handlers = {
      initialize: ({ refuse }) => {
        if (refuse === true) throw new RpcError(ErrorCode.InvalidRequest, 'no room for you', { refused: true });
        return { name: 'conformance' };
      },
      echo: (params) => params,
      add: ({ a, b, ...rest }) => ({ sum: a + b, ...rest }),
      count: () => (this.asked += 1),
      hold,
      peek: hold,
      release: (key) => this.release(key),
      observe: () => this.observed(),
      answer: (kind) => answerAs(kind),
      fail: ({ code, message, data }) => {
        throw code === undefined ? new Error(message) : new RpcError(code, message, data);
      },
      busy: (times) => {
        this.refusals += 1;
        if (this.refusals <= times) throw new RpcError(ErrorCode.Overloaded, 'Overloaded', { retryable: true });
        return 'at last';
      },
      misfit: () => 'no number' as never,
      trial: () => 'seen',
      emit: (burst, context) => this.emit(burst, context),
      ask: ({ question, timeout }, context) => outcomeOf(context, question, timeout),
      raw: (messages) => {
        for (const message of messages) this.wire.send(message);
        return messages.length;
      },
      leave: () => {
        this.server().shutdown();
        // The shutdown waits for this answer.
        return {};
      },
      note: (params) => {
        this.notes.push(params);
      },
    };
  }

  /** Something the server has noticed. */
  notice(diagnostic: Diagnostic): void {
    const { type } = diagnostic;
    if (type === 'unmatchedResponse') {
      const { code } = (diagnostic.error ?? {}) as { readonly code?: number };
      this.diagnostics.push({ type, id: diagnostic.id, ...(code !== undefined && { code }) });
    } else {
      this.diagnostics.push(type === 'duplicateRequest' ? { type, id: diagnostic.id } : { type });
    }
  }

  private observed(): Observed {
    const { aborted, diagnostics, held, notes, started } = this;
    return {
      started: [...started],
      running: [...held.keys()],
      aborted: [...aborted],
      notes: [...notes],
      diagnostics: [...diagnostics],
    };
  }

  private hold({ key }: Held): Observable<string> {
    return new Observable((subscriber) => {
      this.started.push(key);
      if (this.isReleased) {
        subscriber.next(key);
        subscriber.complete();
        return undefined;
      }
      this.held.set(key, () => {
        subscriber.next(key);
        subscriber.complete();
      });
      return () => {
        // Released ones have left the table already.
        if (this.held.delete(key)) this.aborted.push(key);
      };
    });
  }

  private release(key: string): number {
    if (key === '*') this.isReleased = true;
    const released = [...this.held].filter(([name]) => key === '*' || name === key);
    for (const [name] of released) this.held.delete(name);
    for (const [name, finish] of released) finish(name);
    return released.length;
  }

  private emit(burst: Burst, context: Context): number | Observable<number> {
    const { count, manner = 'at once' } = burst;
    if (manner === 'paced') return this.paced(burst, context);
    const all = (): void => {
      for (let n = 0; n < count; n += 1) this.send(burst, n, context);
    };
    if (manner === 'later') this.scheduler.schedule(all);
    else all();
    return count;
  }

  /** Sends some each turn of the event loop, and none while any wait. */
  private paced(burst: Burst, { connection }: Context): Observable<number> {
    let n = 0;
    return new Observable((subscriber) => {
      const go = (): void => {
        for (let left = PER_TURN; left > 0; left -= 1) {
          if (n === burst.count) {
            subscriber.next(n);
            subscriber.complete();
            return;
          }
          n += 1;
          if (connection.notify(burst.method, eventOf(burst, n - 1)) !== 'sent') return;
        }
        subscriber.add(this.scheduler.schedule(go));
      };
      subscriber.add(connection.writable$.subscribe(go));
      go();
    });
  }

  private send(burst: Burst, n: number, { connection }: Context): void {
    const { method, broadcast = false } = burst;
    const params = eventOf(burst, n);
    if (broadcast) this.server().broadcast(method, params);
    else connection.notify(method, params);
  }
}

function eventOf({ method, scope, size = 0 }: Burst, n: number): never {
  const ballast = size === 0 ? {} : { ballast: 'x'.repeat(size) };
  const event =
    method === 'text' ? { item: `item ${n % 4}`, text: `${n} ` } : { n, ...(scope !== undefined && { scope }) };
  return { ...event, ...ballast } as never;
}

function answerAs(kind: string): unknown {
  switch (kind) {
    case 'promise':
      return Promise.resolve('of a promise');
    case 'observable':
      return of('first', 'last');
    case 'array':
      return ['an', 'array'];
    case 'nothing':
      return undefined;
    default:
      return 'a value';
  }
}

/** The question's end as a value: a client cannot see it otherwise. */
function outcomeOf(context: Context, question: string, timeout: number | undefined): Observable<Outcome> {
  return new Observable((subscriber) => {
    const end = (outcome: Outcome): void => {
      subscriber.next(outcome);
      subscriber.complete();
    };
    return context.request('question', question, timeout === undefined ? {} : { timeout }).subscribe({
      next: (result) => {
        end({ result });
      },
      error: (error: unknown) => {
        const { name, message } = error as Error;
        end({
          error: {
            name,
            message,
            ...(isRpcError(error) && { code: error.code }),
            ...(isTransportError(error) && { reason: error.reason }),
          },
        });
      },
    });
  });
}
