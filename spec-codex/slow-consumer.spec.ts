import { asyncScheduler, filter, firstValueFrom, lastValueFrom, map, Subject, tap } from 'rxjs';

import { type CodexContract, turn, type TurnEvent } from '../src/codex/index.js';
import { type Client, deliveryOf, isLagged, type Lagged, type PaceOptions, paceOn, paceWith } from '../src/index.js';
import { codexBench } from './codex-bench.js';

const bench = codexBench();

const PIECES = 20_000;
const pieces = Array.from({ length: PIECES }, (_, n) => `${n} `);
const TEXT = pieces.join('');

type Event = Exclude<TurnEvent<CodexContract>, Lagged>;

/** An event, and how many it was made of. */
interface Counted {
  readonly event: Event;
  readonly count: number;
}

/** What a consumer has seen, counted where it happened. */
class Books {
  emitted = 0;
  delivered = 0;
  skipped = 0;
  conflated = 0;
  /** What the deltas add up to, and what the item had in the end. */
  grown = '';
  whole = '';
  readonly methods: string[] = [];

  constructor(private readonly codex: Client<CodexContract>) {}

  enter(next: Event | Lagged): Counted | Lagged {
    this.emitted += isLagged(next) ? next.skipped : 1;
    return isLagged(next) ? next : { event: next, count: 1 };
  }

  leave(next: Counted | Lagged): void {
    if (isLagged(next)) {
      this.skipped += next.skipped;
      return;
    }
    this.delivered += 1;
    this.conflated += next.count - 1;
    const { event } = next;
    this.methods.push(event.method);
    if (event.type !== 'notification') return;
    if (event.method === 'item/agentMessage/delta') this.grown += event.params.delta;
    if (event.method === 'item/completed' && event.params.item.type === 'agentMessage')
      this.whole = event.params.item.text;
  }

  /** The rules of the contract, for events that are counted. */
  rules(): Pick<Required<PaceOptions<Counted>>, 'lossless' | 'conflate'> {
    const { lossless, conflate } = deliveryOf<Event>(this.codex.contract);
    return {
      lossless: ({ event }) => lossless(event),
      conflate: {
        key: ({ event }) => conflate.key(event),
        merge: (one, other) => ({
          event: conflate.merge(one.event, other.event),
          count: one.count + other.count,
        }),
        maxBytes: ({ event }) => conflate.maxBytes(event),
        bytesOf: ({ event }) => JSON.stringify(event.params).length,
      },
    };
  }
}

/** A codex that floods, a thread in it, and the books of whoever reads it. */
async function flooding(): Promise<{ codex: Client<CodexContract>; threadId: string; books: Books }> {
  const model = await bench.startModel(() => [{ type: 'say', pieces }]);
  const codex = bench.connect(bench.spawn(model));
  const { thread } = await codex.call('thread/start', { ephemeral: true });
  return { codex, threadId: thread.id, books: new Books(codex) };
}

describe('20,000 deltas of codex to a slow consumer', () => {
  it('E2, E8: are folded, none is skipped, and the text that grew is complete', async () => {
    const { codex, threadId, books } = await flooding();
    await lastValueFrom(
      turn(codex, threadId, 'flood').pipe(
        map((next) => books.enter(next)),
        paceOn(asyncScheduler, { delay: 10, burst: 1, capacity: 64, ...books.rules() }),
        tap((next) => books.leave(next)),
      ),
    );
    expect(books.emitted).toBeGreaterThan(PIECES);
    expect(books.delivered + books.skipped + books.conflated).toBe(books.emitted);
    expect(books.skipped).toBe(0);
    expect(books.conflated).toBeGreaterThan(0);
    expect(books.grown).toBe(TEXT);
    expect(books.whole).toBe(TEXT);
    expect(books.methods.at(-1)).toBe('turn/completed');
  });

  it('E2, E8: are skipped where they may not be folded, and counted; the item has the text', async () => {
    const { codex, threadId, books } = await flooding();
    const { lossless } = books.rules();
    const credits = new Subject<void>();
    await lastValueFrom(
      turn(codex, threadId, 'flood').pipe(
        map((next) => books.enter(next)),
        // The consumer takes one event while three hundred come.
        tap(() => {
          if (books.emitted % 300 === 0) credits.next();
        }),
        tap((next) => {
          if (isLagged(next) || next.event.method !== 'turn/completed') return;
          // It has caught up.
          asyncScheduler.schedule(() => {
            for (let count = 0; count < 100; count += 1) credits.next();
          });
        }),
        paceWith(credits, { capacity: 64, lossless }),
        tap((next) => books.leave(next)),
      ),
    );
    expect(books.emitted).toBeGreaterThan(PIECES);
    expect(books.delivered + books.skipped).toBe(books.emitted);
    expect(books.skipped).toBeGreaterThan(PIECES / 2);
    expect(books.grown.length).toBeLessThan(TEXT.length);
    expect(books.whole).toBe(TEXT);
    expect(books.methods).toContain('turn/started');
    expect(books.methods.at(-1)).toBe('turn/completed');
  });

  it('E4: wait for a view that comes when all is over, as far as there is room, and the counts of the connection add up', async () => {
    const { codex, threadId, books } = await flooding();
    await codex.call('turn/start', { threadId, input: [{ type: 'text', text: 'flood' }] });
    let status = 'active';
    while (status === 'active') {
      const { thread } = await codex.call('thread/read', { threadId });
      status = thread.status.type;
    }
    await firstValueFrom(
      codex.scoped(threadId).pipe(
        tap((next) => books.leave(isLagged(next) ? next : { event: next, count: 1 })),
        filter((next) => !isLagged(next) && next.method === 'turn/completed'),
      ),
    );
    const { emitted, delivered, skipped, conflated, waiting } = codex.stats().events;
    expect(delivered + skipped + conflated + waiting).toBe(emitted);
    expect(emitted).toBeGreaterThan(PIECES);
    expect(books.skipped).toBe(skipped);
    expect(skipped).toBeGreaterThan(0);
    expect(TEXT.startsWith(books.grown)).toBe(true);
    expect(books.whole).toBe(TEXT);
  });
});
