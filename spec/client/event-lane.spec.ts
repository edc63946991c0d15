import { take } from 'rxjs';

import type { EventLaneOwner } from '../../src/client/event-lane.js';
import { EventLane } from '../../src/client/event-lane.js';
import type { AnyEvent, ViewKey } from '../../src/client/view-index.js';
import { type Diagnostic, resolveLimits } from '../../src/protocol/index.js';
import type { Contract, LimitOptions } from '../../src/protocol/index.js';
import { plain, watch, type Watch } from '../rules/support.js';

class Owner implements EventLaneOwner {
  readonly told: string[] = [];
  readonly diagnostics: Diagnostic[] = [];

  overflowed(budget: string): void {
    this.told.push(budget);
  }

  diagnose(diagnostic: Diagnostic): void {
    this.diagnostics.push(diagnostic);
  }

  serially(deliver: () => void): void {
    deliver();
  }
}

class Lane {
  readonly owner = new Owner();
  readonly lane: EventLane;
  private seq = 0;

  constructor(limits: LimitOptions['limits'] = {}, contract: Contract = plain) {
    this.lane = new EventLane(contract, resolveLimits({ limits }, 'client', false), this.owner);
  }

  event(method: string, params: unknown = {}): AnyEvent {
    this.seq += 1;
    if (method === 'ask') return { type: 'serverRequest', id: this.seq, method, params, seq: this.seq };
    const type = method in plain.serverNotifications ? 'notification' : 'unknown';
    return { type, method, params, seq: this.seq };
  }

  receive(...methods: readonly string[]): this {
    for (const method of methods) this.lane.receive(this.event(method));
    return this;
  }

  defer(...methods: readonly string[]): this {
    for (const method of methods) this.lane.defer(this.event(method));
    return this;
  }

  gap(skipped: number, deferred = false): this {
    const first = this.seq + 1;
    this.seq += skipped;
    this.lane.skipped({ type: 'lagged', skipped, first, last: this.seq }, deferred);
    return this;
  }

  drain(): void {
    while (this.lane.nextSeq !== undefined) this.lane.deliverNext();
  }

  /** What a view has seen: methods, and gaps as numbers. */
  look(key: ViewKey): Watch<unknown> & { readonly shown: unknown[] } {
    const seen = watch(this.lane.view<AnyEvent | { type: 'lagged'; skipped: number }>(key));
    return Object.defineProperty(seen, 'shown', {
      get: () => seen.values.map((value) => ('skipped' in value ? value.skipped : value.seq)),
    }) as unknown as Watch<unknown> & { readonly shown: unknown[] };
  }

  expectConserved(): void {
    const { emitted, delivered, skipped, conflated, waiting } = this.lane.counts;
    expect(delivered + skipped + conflated + waiting).toBe(emitted);
  }
}

const everything: ViewKey = { all: true };

describe('EventLane', () => {
  describe('E4 the backlog', () => {
    it('refuses the newest that may be lost, keeps the lossless, and shows the gap where it stands', () => {
      const lane = new Lane({ events: 2 }).receive('delta', 'delta', 'delta', 'done', 'delta', 'done');
      const { shown, values } = lane.look(everything);
      expect(shown).toEqual([1, 2, 1, 4, 1, 6]);
      expect(values[2]).toEqual({ type: 'lagged', skipped: 1, first: 3, last: 3 });
      lane.expectConserved();
    });

    it('tells the first loss of each run', () => {
      const lane = new Lane({ events: 1 }).receive('delta', 'delta', 'delta', 'done', 'delta');
      expect(lane.owner.diagnostics).toEqual([
        { type: 'backlogOverflow', method: 'delta' },
        { type: 'backlogOverflow', method: 'delta' },
      ]);
    });

    it('closes nothing when the lossless budget is used up', () => {
      const lane = new Lane({ losslessEvents: 1 }).receive('done', 'done', 'sum');
      expect(lane.owner.told).toEqual([]);
      expect(lane.look(everything).shown).toEqual([1, 2]);
      lane.expectConserved();
    });

    it('S2 holds questions outside the budgets, up to a bound of their own', () => {
      const lane = new Lane({ losslessEvents: 1, serverRequests: 2 }).receive('done', 'ask', 'ask', 'ask', 'ask');
      expect(lane.look(everything).shown).toEqual([1, 2, 3, 2]);
      expect(lane.owner.diagnostics).toEqual([{ type: 'backlogOverflow', method: 'ask' }]);
      lane.expectConserved();
    });

    it('also takes what comes during a delivery that is none of ours', () => {
      const lane = new Lane().defer('done', 'ask').gap(2, true);
      expect(lane.lane.nextSeq).toBe(undefined);
      expect(lane.look(everything).shown).toEqual([1, 2, 2]);
    });

    it('gives each event to one view, gaps to each whose type has room, and everything left to events$', () => {
      const lane = new Lane({ events: 1 }).receive('delta', 'delta', 'done', 'sum');
      expect(lane.look({ method: 'done', told: false }).values).toEqual([{}]);
      expect(lane.look({ method: 'delta', told: true }).values).toEqual([
        {},
        { type: 'lagged', skipped: 1, first: 2, last: 2 },
      ]);
      expect(lane.look(everything).shown).toEqual([1, 4]);
      expect(lane.look(everything).shown).toEqual([]);
      lane.expectConserved();
    });

    it('stays readable after the end; then the view ends as the lane did', () => {
      const lane = new Lane().receive('done', 'sum');
      expect(lane.lane.unread).toEqual({ droppable: 0, lossless: 2 });
      lane.lane.end(new Error('gone'));
      lane.lane.end(undefined);
      const done = lane.look({ method: 'done', told: false });
      const rest = lane.look(everything);
      expect([done.values, done.error, rest.shown, rest.error]).toEqual([
        [{}],
        new Error('gone'),
        [2],
        new Error('gone'),
      ]);
    });

    it('completes a view that comes after an orderly end', () => {
      const lane = new Lane();
      lane.lane.end(undefined);
      expect(lane.look(everything)).toMatchObject({ values: [], end: 'complete', ends: 1 });
    });

    it('lets a listener go that has enough, and keeps no trace of it', () => {
      const lane = new Lane().receive('done', 'done');
      const first = watch(lane.lane.view(everything).pipe(take(1)));
      lane.receive('done');
      expect(first.values).toHaveLength(1);
      expect(first.end).toBe('complete');
      lane.expectConserved();
    });
  });

  describe('E5 the buffer', () => {
    it('holds what comes during a delivery, and gives one at a time', () => {
      const lane = new Lane();
      const view = lane.look(everything);
      lane.defer('done', 'ask', 'delta');
      expect([view.shown, lane.lane.nextSeq, lane.lane.counts.waiting]).toEqual([[], 1, 3]);
      lane.lane.deliverNext();
      expect([view.shown, lane.lane.nextSeq]).toEqual([[1], 2]);
      lane.drain();
      lane.lane.deliverNext();
      expect(view.shown).toEqual([1, 2, 3]);
      lane.expectConserved();
    });

    it('gives up the oldest and numbers the gap by its first, so that it stands before later answers', () => {
      const lane = new Lane({ events: 1 });
      const view = lane.look(everything);
      lane.defer('delta', 'delta', 'delta');
      expect(lane.lane.nextSeq).toBe(1);
      lane.drain();
      expect(view.shown).toEqual([2, 3]);
      expect(view.values[0]).toEqual({ type: 'lagged', skipped: 2, first: 1, last: 2 });
      lane.expectConserved();
    });

    it('E6 keeps the server s gaps in their place', () => {
      const lane = new Lane();
      const view = lane.look(everything);
      lane.gap(1).defer('done').gap(5, true).defer('done');
      lane.drain();
      expect(view.shown).toEqual([1, 2, 5, 8]);
      lane.expectConserved();
    });

    it('folds what the contract folds', () => {
      const lane = new Lane();
      const view = lane.look({ method: 'text', told: true });
      for (const text of ['a', 'b']) lane.lane.defer(lane.event('text', { item: 'i', text }));
      lane.drain();
      expect(view.values).toEqual([{ item: 'i', text: 'ab' }]);
      expect(lane.lane.counts.conflated).toBe(1);
      lane.expectConserved();
    });

    it('E3 says that the lossless budget is used up, by count or by bytes, and shows the loss; questions pass', () => {
      const byCount = new Lane({ losslessEvents: 1 });
      const view = byCount.look(everything);
      byCount.defer('done', 'ask', 'done');
      expect(byCount.owner.told).toEqual(['losslessEvents']);
      byCount.drain();
      expect(view.shown).toEqual([1, 2, 1]);
      byCount.expectConserved();

      const byBytes = new Lane({ bytes: 100 });
      byBytes.look(everything);
      byBytes.lane.defer(byBytes.event('done', 'x'.repeat(200)));
      expect(byBytes.owner.told).toHaveLength(1);
    });
  });

  it('a conflation that throws is a diagnostic, and its event is given up where it stood', () => {
    const error = new Error('planned');
    const key = (): never => {
      throw error;
    };
    const serverNotifications = { delta: { delivery: 'best-effort' as const, conflate: { key } } };
    const lane = new Lane({}, { ...plain, serverNotifications });
    const view = lane.look(everything);
    lane.defer('done', 'delta', 'done');
    lane.drain();
    expect(view.shown).toEqual([1, 1, 3]);
    expect(lane.owner.diagnostics).toEqual([{ type: 'callbackFailed', method: 'delta', error }]);
    lane.expectConserved();
  });

  it('E4 tells the loss of the very first event', () => {
    const lane = new Lane({ bytes: 100 });
    lane.lane.receive(lane.event('done', 'x'.repeat(200)));
    expect(lane.owner.diagnostics).toEqual([{ type: 'backlogOverflow', method: 'done' }]);
  });

  it('asks for no scope where the contract has none', () => {
    const lane = new Lane();
    lane.look({ scope: 'a' });
    lane.receive('sum');
    expect(lane.owner.diagnostics).toEqual([]);
  });

  describe('a scope that throws', () => {
    const contract: Contract = {
      ...plain,
      serverNotifications: {
        done: {
          scope: () => {
            throw new Error('planned');
          },
        },
      },
    };

    it('is a diagnostic; the event goes to all others', () => {
      const lane = new Lane({}, contract);
      const [scoped, all] = [lane.look({ scope: 'a' }), lane.look(everything)];
      lane.receive('done');
      expect([scoped.shown, all.shown]).toEqual([[], [1]]);
      expect(lane.owner.diagnostics).toEqual([{ type: 'callbackFailed', method: 'done', error: new Error('planned') }]);
    });
  });

  it('E4 reads scopes of events and questions, and of nothing the contract does not have', () => {
    const lane = new Lane();
    for (const method of ['done', 'toString']) lane.lane.receive(lane.event(method, { scope: 'a' }));
    lane.lane.receive({ type: 'serverRequest', id: 3, method: 'approve', params: { scope: 'a' }, seq: 3 });
    lane.lane.receive({ type: 'legacyNotification', method: 'old/x', params: { scope: 'a' }, seq: 4 });
    expect(lane.look({ scope: 'a' }).shown).toEqual([1, 3]);
  });

  it('E2 counts a waiting gap of the server as skipped from the start', () => {
    const lane = new Lane().gap(7);
    expect(lane.lane.counts).toMatchObject({ emitted: 7, skipped: 7, delivered: 0, waiting: 0 });
    expect(lane.look(everything).shown).toEqual([7]);
    lane.expectConserved();
  });
});
