import { isLagged } from '../../src/backpressure/index.js';
import type { RequestMessage } from '../../src/protocol/index.js';

/** A notification on its way. */
export interface Event {
  readonly method: string;
  readonly params: unknown;
}

export const delta = (n: number): Event => ({ method: 'delta', params: { n } });
export const done = (n: number): Event => ({ method: 'done', params: { n } });
export const gap = (skipped: number): Event => ({ method: '$/lagged', params: { skipped } });
export const ask = (id: number | string): RequestMessage => ({ id, method: 'ask', params: 'well?' });

/** Events of a client, or messages on a wire, in a word or two each: `done 1`, `ask`, and a gap as `skipped 3`. */
export function brief(events: readonly unknown[]): readonly string[] {
  return events.map((event) => {
    if (isLagged(event)) return `skipped ${event.skipped}`;
    const { method, params } = event as { readonly method?: string; readonly params?: unknown };
    if (method === undefined) return 'answer';
    const { n, skipped } = (params ?? {}) as { readonly n?: number; readonly skipped?: number };
    if (method === '$/lagged') return `skipped ${skipped}`;
    return n === undefined ? method : `${method} ${n}`;
  });
}
