import { animationFrameScheduler, asapScheduler, NEVER, of } from 'rxjs';
import type { Observable } from 'rxjs';
import {
  failOnLag,
  ignoreLagged,
  isLagged,
  LagBuffer,
  paceMap,
  paceOn,
  paceWith,
  pullFrom,
  resyncOnLag,
  tapLagged,
} from '../../src/backpressure/index.js';
import type { Lagged, LagOptions, Offered } from '../../src/backpressure/index.js';

type Equal<A, B> = (<X>() => X extends A ? 1 : 2) extends <X>() => X extends B ? 1 : 2 ? true : false;
const expectType = <T extends true>(proof?: T): T | undefined => proof;

interface Delta {
  readonly kind: 'delta';
  readonly text: string;
}
interface Done {
  readonly kind: 'done';
}
declare const events$: Observable<Delta | Done>;
declare const lossy$: Observable<Delta | Done | Lagged>;

describe('element types', () => {
  // Only the compiler reads these: no statement below is reached at run time.
  const types = (): void => {
    const paced = of(1).pipe(paceOn(asapScheduler, { capacity: 1 }));
    expectType<Equal<typeof paced, Observable<number | Lagged>>>();

    const twice = paced.pipe(paceWith(NEVER));
    expectType<Equal<typeof twice, Observable<number | Lagged>>>();

    const mapped = lossy$.pipe(paceMap((event) => of(event.kind.length)));
    expectType<Equal<typeof mapped, Observable<number | Lagged>>>();

    const promised = of(1).pipe(paceMap((event, index) => Promise.resolve(`${event} ${index}`)));
    expectType<Equal<typeof promised, Observable<string | Lagged>>>();

    const ignored = lossy$.pipe(ignoreLagged());
    expectType<Equal<typeof ignored, Observable<Delta | Done>>>();

    const failing = paced.pipe(failOnLag());
    expectType<Equal<typeof failing, Observable<number>>>();

    const tapped = lossy$.pipe(tapLagged((gap) => gap.skipped));
    expectType<Equal<typeof tapped, Observable<Delta | Done | Lagged>>>();

    const resynced = lossy$.pipe(resyncOnLag((gap) => of(`lost ${gap.skipped}`)));
    expectType<Equal<typeof resynced, Observable<Delta | Done | string>>>();

    const pulled = pullFrom(lossy$);
    expectType<Equal<typeof pulled, AsyncIterableIterator<Delta | Done | Lagged, undefined> & AsyncDisposable>>();
  };

  it('gain the marker at a pace and lose it where it is handled', () => {
    expect(types).toBeInstanceOf(Function);
  });
});

describe('callbacks', () => {
  const types = (): void => {
    events$.pipe(
      paceOn(animationFrameScheduler, {
        lossless: (event) => event.kind === 'done',
        conflate: { key: (event) => event.kind, merge: (waiting, incoming) => ({ ...waiting, ...incoming }) },
        skippedBy: (event) => event.kind,
        onDrop: (...[, reason]) => expectType<Equal<typeof reason, 'overflow' | 'unsubscribed'>>(),
      }),
    );
    lossy$.pipe(paceWith(of('x'), { demand: (credit) => credit.length, lossless: (event) => event.kind === 'done' }));
    lossy$.pipe(resyncOnLag(() => of(3), { covers: (snapshot, event) => snapshot > event.kind.length }));
  };

  it('see the event without the marker', () => {
    expect(types).toBeInstanceOf(Function);
  });
});

describe('options and guards', () => {
  const types = (): void => {
    const options: LagOptions<Delta> = {};
    // @ts-expect-error: options are readonly
    options.capacity = 2;
    // @ts-expect-error: not a policy
    new LagBuffer<Delta>({ overflow: 'latest' });

    const offered = new LagBuffer<Delta>({}).offer({ kind: 'delta', text: '' });
    expectType<Equal<typeof offered, Offered>>();

    const value = null as unknown as Delta | Lagged;
    if (isLagged(value)) expectType<Equal<typeof value, Lagged>>();
    else expectType<Equal<typeof value, Delta>>();
  };

  it('are closed sets', () => {
    expect(types).toBeInstanceOf(Function);
  });
});
