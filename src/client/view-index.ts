import type { Subscriber } from 'rxjs';

import type { Lagged } from '../backpressure/index.js';
import type { ClientEvent } from './client-event.js';
import type { Contract } from '../protocol/index.js';

/** An event as the index sees it. */
export type AnyEvent = ClientEvent<Contract>;

/** What a view wants: everything, one scope, or the params of one method. */
export type ViewKey =
  | { readonly all: true }
  | { readonly scope: string }
  /** `told`: whether gaps are shown to it. */
  | { readonly method: string; readonly told: boolean };

type Sink = Subscriber<unknown>;
type Sinks = readonly Sink[];

/**
 * Finds the listeners of an event by its method and its scope.
 *
 * With a filter per listener, a thousand threads on screen make each event cost a thousand calls. Here it is two
 * look-ups, whatever the number of views.
 */
export class ViewIndex {
  // The arrays are replaced, never changed: who iterates one sees the listeners of the moment it started, and delivering,
  // which happens far more often than joining and leaving, copies nothing.
  private all: Sinks = [];
  private readonly scopes = new Map<string, Sinks>();
  private readonly methods = new Map<string, Sinks>();
  /** All that are shown gaps. */
  private readonly told = new Set<Sink>();
  private readonly everyone = new Set<Sink>();

  /** Reads the scope of an event; one function per method that has any. */
  constructor(private readonly scopeOf: (event: AnyEvent) => string | undefined) {}

  add(key: ViewKey, sink: Sink): void {
    this.everyone.add(sink);
    if (!('told' in key) || key.told) this.told.add(sink);
    this.replace(key, (sinks) => [...sinks, sink]);
  }

  delete(key: ViewKey, sink: Sink): void {
    this.everyone.delete(sink);
    this.told.delete(sink);
    this.replace(key, (sinks) => sinks.filter((other) => other !== sink));
  }

  /** Whether an event is for a view of this key. */
  matches(key: ViewKey, event: AnyEvent): boolean {
    if ('all' in key) return true;
    if ('scope' in key) return this.scopeOf(event) === key.scope;
    return event.type === 'notification' && event.method === key.method;
  }

  /** Gives an event to everyone it concerns. */
  deliver(event: AnyEvent): void {
    // All three are read before anyone is called: who subscribes during a delivery sees only what comes after it.
    const { all } = this;
    const scope = this.scopes.size === 0 ? undefined : this.scopeOf(event);
    const scoped = scope === undefined ? undefined : this.scopes.get(scope);
    const methods = this.methods.size > 0 && event.type === 'notification' ? this.methods.get(event.method) : undefined;
    for (let i = 0; i < all.length; i += 1) all[i]?.next(event);
    if (scoped !== undefined) for (let i = 0; i < scoped.length; i += 1) scoped[i]?.next(event);
    if (methods !== undefined) for (let i = 0; i < methods.length; i += 1) methods[i]?.next(event.params);
  }

  /** Gives a gap to everyone it may concern, which is all that have room for it. */
  deliverGap(gap: Lagged): void {
    for (const sink of [...this.told]) sink.next(gap);
  }

  /** Ends all views. */
  end(error: unknown): void {
    for (const sink of [...this.everyone]) {
      if (error === undefined) sink.complete();
      else sink.error(error);
    }
  }

  private replace(key: ViewKey, change: (sinks: Sinks) => Sinks): void {
    if ('all' in key) {
      this.all = change(this.all);
      return;
    }
    const [map, name] = 'scope' in key ? [this.scopes, key.scope] : [this.methods, key.method];
    const sinks = change(map.get(name) ?? []);
    if (sinks.length > 0) map.set(name, sinks);
    else map.delete(name);
  }
}
