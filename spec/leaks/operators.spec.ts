import { asyncScheduler, type Observable, of, type OperatorFunction, Subject, take, VirtualTimeScheduler } from 'rxjs';

import { type Lagged, lagged, paceMap, paceOn, paceWith, pullFrom, resyncOnLag } from '../../src/backpressure/index.js';
import { stillHeld } from './still-held.js';

type Event = object;
type Operator = OperatorFunction<Event | Lagged, unknown>;

/** What lives on when a subscription has ended. */
interface World {
  readonly source$: Subject<Event | Lagged>;
  readonly ready$: Subject<unknown>;
  /** What a handler does with an event; what a snapshot comes from. */
  readonly work$: Observable<unknown>;
  readonly scheduler: VirtualTimeScheduler;
}

function worldOf(work$: Observable<unknown> = new Subject()): World {
  return { source$: new Subject(), ready$: new Subject(), work$, scheduler: new VirtualTimeScheduler() };
}

/** Each operator, with a consumer that is not ready. */
const stalled: Readonly<Record<string, (world: World) => Operator>> = {
  'paceOn a clock': ({ scheduler }) => paceOn(scheduler, { capacity: 4, delay: 60_000 }),
  'paceOn the real clock': () => paceOn(asyncScheduler, { capacity: 4, delay: 60_000 }),
  'paceOn, conflating': ({ scheduler }) => paceOn(scheduler, { capacity: 4, conflate: { key: () => 1 } }),
  paceWith: ({ ready$ }) => paceWith(ready$, { capacity: 4 }),
  'paceWith, lossless': ({ ready$ }) => paceWith(ready$, { capacity: 4, lossless: () => true }),
  paceMap: ({ work$ }) => paceMap(() => work$, { capacity: 4 }),
  resyncOnLag: ({ work$ }) => resyncOnLag(() => work$),
};
const names = Object.keys(stalled);

function operatorOf(name: string, world: World): Operator {
  const make = stalled[name];
  if (make === undefined) throw new Error(`no operator ${name}`);
  return make(world);
}

describe('E8, D2: a subscription that has ended while events waited in it', () => {
  it.each(names)('%s: unsubscribed, it holds neither events nor consumer', async (name) => {
    const found = await stillHeld((watch) => {
      const world = worldOf();
      const out$ = world.source$.pipe(operatorOf(name, world));
      const subscription = watch('subscription', out$.subscribe(watch('consumer', { next: () => undefined })));
      world.source$.next(lagged(3));
      for (let i = 0; i < 6; i += 1) world.source$.next(watch('event', {}));
      subscription.unsubscribe();
      return [world, out$];
    });
    expect(found).toEqual({});
  });

  it.each(names)('%s: once its consumer has had enough, likewise', async (name) => {
    const found = await stillHeld((watch) => {
      const work$ = new Subject<unknown>();
      const world = worldOf(work$);
      const out$ = world.source$.pipe(operatorOf(name, world), take(1));
      const subscription = out$.subscribe(watch('consumer', { next: () => undefined }));
      world.source$.next(lagged(3));
      world.source$.next(watch('event', {}));
      world.source$.next(watch('event', {}));
      world.scheduler.flush();
      world.ready$.next(1);
      work$.next(1);
      work$.complete();
      // Where nothing has come out, the consumer has not had enough yet.
      subscription.unsubscribe();
      return [world, out$, subscription];
    });
    expect(found).toEqual({});
  });

  it.each(names)('%s: a source that has ended is not waited for', async (name) => {
    const found = await stillHeld((watch) => {
      const world = worldOf();
      const out$ = world.source$.pipe(operatorOf(name, world));
      const subscription = out$.subscribe(watch('consumer', { next: () => undefined, error: () => undefined }));
      world.source$.next(watch('event', {}));
      world.source$.next(watch('event', {}));
      world.source$.error(new Error('over'));
      subscription.unsubscribe();
      return [world, out$, subscription];
    });
    expect(found).toEqual({});
  });
});

describe('E8: a subscription that goes on', () => {
  const virtual = names.filter((name) => name !== 'paceOn the real clock');

  it.each(virtual)('%s: holds no event that it has delivered or given up', async (name) => {
    const found = await stillHeld((watch) => {
      const world = worldOf(of('done'));
      const subscription = world.source$.pipe(operatorOf(name, world)).subscribe();
      for (let i = 0; i < 6; i += 1) {
        world.source$.next(watch('event', {}));
        if (i === 2) world.source$.next(lagged(1));
      }
      world.scheduler.flush();
      for (let i = 0; i < 8; i += 1) world.ready$.next(1);
      return [world, subscription];
    });
    expect(found).toEqual({});
  });

  it('resyncOnLag: holds no snapshot once an event is newer than it', async () => {
    const found = await stillHeld((watch) => {
      const source$ = new Subject<Event | Lagged>();
      const old = {};
      const options = { covers: (_: object, event: Event) => event === old };
      const subscription = source$.pipe(resyncOnLag(() => of(watch('snapshot', {})), options)).subscribe();
      source$.next(lagged(1));
      source$.next(old);
      source$.next(watch('newer', {}));
      return [source$, subscription];
    });
    expect(found).toEqual({});
  });
});

describe('pullFrom', () => {
  it('holds nothing when it was returned, though it is kept', async () => {
    const found = await stillHeld(async (watch) => {
      const source$ = new Subject<Event | Lagged>();
      const iterator = pullFrom(source$, { capacity: 2 });
      for (let i = 0; i < 3; i += 1) source$.next(watch('event', {}));
      await iterator.return?.();
      return [source$, iterator];
    });
    expect(found).toEqual({});
  });

  it('holds nothing that it has yielded', async () => {
    const found = await stillHeld(async (watch) => {
      const source$ = new Subject<Event | Lagged>();
      const iterator = pullFrom(source$);
      source$.next(watch('waited', {}));
      await iterator.next();
      const asked = iterator.next();
      source$.next(watch('asked for', {}));
      await asked;
      return [source$, iterator];
    });
    expect(found).toEqual({});
  });

  it('lets go of a reader whose next() was pending when it was returned', async () => {
    const found = await stillHeld(async (watch) => {
      const source$ = new Subject<Event | Lagged>();
      const iterator = pullFrom(source$);
      const asked = watch('asked', iterator.next());
      await iterator.return?.();
      await asked;
      return [source$, iterator];
    });
    expect(found).toEqual({});
  });
});
