import { Observable } from 'rxjs';

import { lagged } from '../../src/backpressure/index.js';
import { type AnyEvent, ViewIndex, type ViewKey } from '../../src/client/view-index.js';
import { watch, type Watch } from '../rules/support.js';

const event = (method: string, scope?: string, type: 'notification' | 'unknown' = 'notification'): AnyEvent => ({
  type,
  method,
  params: { scope },
  seq: 1,
});

/** An index that counts how often it asks for a scope. */
const setUp = (): {
  index: ViewIndex;
  asked: () => number;
  listen: (key: ViewKey, onNext?: (value: unknown) => void) => Watch<unknown>;
} => {
  let count = 0;
  const index = new ViewIndex(({ params }) => {
    count += 1;
    return (params as { scope?: string }).scope;
  });
  return {
    index,
    asked: () => count,
    listen: (key, onNext) =>
      watch(
        new Observable((subscriber) => {
          index.add(key, subscriber);
          return () => index.delete(key, subscriber);
        }),
        onNext,
      ),
  };
};

describe('ViewIndex', () => {
  describe('E5 an index, not a filter', () => {
    it('asks for the scope once per event, however many views there are, and calls only those it concerns', () => {
      const { index, asked, listen } = setUp();
      const views = Array.from({ length: 1_000 }, (_, n) => listen({ scope: `thread ${n}` }));
      const all = listen({ all: true });
      index.deliver(event('done', 'thread 500'));
      expect(asked()).toBe(1);
      expect(views.flatMap(({ values }, n) => (values.length > 0 ? [n] : []))).toEqual([500]);
      expect(all.values).toHaveLength(1);
    });

    it('asks for no scope while no view has one, also after the last of them left', () => {
      const { index, asked, listen } = setUp();
      listen({ all: true });
      listen({ scope: 'a' }).unsubscribe();
      index.deliver(event('done', 'a'));
      expect(asked()).toBe(0);
    });

    it('gives whole events to scopes and to all, params to methods, and events of no contract to no method', () => {
      const { index, listen } = setUp();
      const [all, scope, method] = [{ all: true } as const, { scope: 'a' }, { method: 'done', told: false }].map(
        (key) => listen(key),
      );
      const [known, elsewhere, unknown] = [event('done', 'a'), event('done', 'b'), event('done', 'a', 'unknown')];
      for (const one of [known, elsewhere, unknown]) index.deliver(one);
      expect(all!.values).toEqual([known, elsewhere, unknown]);
      expect(scope!.values).toEqual([known, unknown]);
      expect(method!.values).toEqual([{ scope: 'a' }, { scope: 'b' }]);
    });
  });

  describe('E5 during a delivery', () => {
    it.each<[string, ViewKey]>([
      ['all', { all: true }],
      ['the same scope', { scope: 'a' }],
      ['the same method', { method: 'done', told: false }],
    ])('who joins %s sees only what comes after it', (_what, key) => {
      const { index, listen } = setUp();
      const late: Watch<unknown>[] = [];
      listen({ all: true }, () => late.push(listen(key)));
      index.deliver(event('done', 'a'));
      index.deliver(event('done', 'a'));
      expect(late.map(({ values }) => values.length)).toEqual([1, 0]);
    });

    it('who leaves sees nothing more', () => {
      const { index, listen } = setUp();
      const last: Watch<unknown>[] = [];
      listen({ all: true }, () => last[0]?.unsubscribe());
      last.push(listen({ all: true }));
      index.deliver(event('done'));
      expect(last[0]?.values).toEqual([]);
    });
  });

  describe('E6 a gap', () => {
    it('goes to every view that is told, in the order they joined, and to no other', () => {
      const { index, asked, listen } = setUp();
      const order: string[] = [];
      const keys: Record<string, ViewKey> = {
        method: { method: 'delta', told: true },
        scope: { scope: 'a' },
        lossless: { method: 'done', told: false },
        all: { all: true },
      };
      for (const [name, key] of Object.entries(keys)) listen(key, () => order.push(name));
      index.deliverGap(lagged(3));
      expect(order).toEqual(['method', 'scope', 'all']);
      expect(asked()).toBe(0);
    });
  });

  describe('the end', () => {
    it.each<[string, unknown, Watch<unknown>['end']]>([
      ['completes', undefined, 'complete'],
      ['errors', new Error('gone'), 'error'],
    ])('%s every view once and leaves none', (_how, error, end) => {
      const { index, listen } = setUp();
      const views = [listen({ all: true }), listen({ scope: 'a' }), listen({ method: 'done', told: true })];
      index.end(error);
      index.end(error);
      index.deliver(event('done', 'a'));
      expect(views.map((view) => [view.end, view.ends, view.error])).toEqual(Array(3).fill([end, 1, error]));
    });

    it('reaches a view that ends another one first', () => {
      const { index, listen } = setUp();
      const second: Watch<unknown>[] = [];
      new Observable((subscriber) => {
        index.add({ all: true }, subscriber);
      }).subscribe({ complete: () => second[0]?.unsubscribe() });
      second.push(listen({ all: true }));
      index.end(undefined);
      expect(second[0]?.end).toBe('open');
    });
  });

  it('forgets a key with its last view, through any churn', () => {
    const { index, asked, listen } = setUp();
    for (let n = 0; n < 100; n += 1) {
      const views = [listen({ scope: `s${n}` }), listen({ scope: `s${n}` }), listen({ method: `m${n}`, told: true })];
      views[0]!.unsubscribe();
      index.deliver(event(`m${n}`, `s${n}`));
      expect(views.map(({ values }) => values.length)).toEqual([0, 1, 1]);
      for (const view of views) view.unsubscribe();
    }
    index.deliver(event('m1', 's1'));
    expect(asked()).toBe(100);
  });

  it('E4 matches what waits as it delivers what comes', () => {
    const { index } = setUp();
    const known = event('done', 'a');
    expect(index.matches({ all: true }, known)).toBe(true);
    expect(['a', 'b'].map((scope) => index.matches({ scope }, known))).toEqual([true, false]);
    expect(['done', 'delta'].map((method) => index.matches({ method, told: true }, known))).toEqual([true, false]);
    expect(index.matches({ method: 'done', told: true }, event('done', 'a', 'unknown'))).toBe(false);
  });
});
