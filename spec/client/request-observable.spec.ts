import {
  defer,
  firstValueFrom,
  forkJoin,
  isObservable,
  map,
  Observable,
  retry,
  share,
  Subscriber,
  type TeardownLogic,
  switchMap,
} from 'rxjs';

import { RequestObservable } from '../../src/client/request-observable.js';
import { run } from '../../src/testing/index.js';
import { at, connectPlain, hostPlain, named, watch } from '../rules/support.js';
import { LaneOwner } from './lane-owner.js';

describe('RequestObservable', () => {
  describe('the seam of RxJS it stands on', () => {
    /** What RxJS does with a class that has `_subscribe`. */
    class Probe extends Observable<string> {
      readonly given: unknown[][] = [];
      left = 0;

      protected _subscribe(...args: unknown[]): TeardownLogic {
        this.given.push(args);
        return { unsubscribe: () => (this.left += 1) };
      }
    }

    it('is there', () => {
      expect(Observable.prototype).toHaveProperty('_subscribe', expect.any(Function));
      expect(Object.getOwnPropertyNames(RequestObservable.prototype)).toEqual(['constructor', '_subscribe']);
    });

    it('is called once per subscription, with nothing but a Subscriber', () => {
      const probe = new Probe();
      probe.subscribe();
      probe.pipe(map((value) => value)).subscribe();
      expect(probe.given.map((args) => [args.length, args[0] instanceof Subscriber])).toEqual([
        [1, true],
        [1, true],
      ]);
    });

    it('takes an object that can be unsubscribed as the teardown, and runs it once', () => {
      const probe = new Probe();
      const subscription = probe.pipe(map((value) => value)).subscribe();
      expect(probe.left).toBe(0);
      subscription.unsubscribe();
      subscription.unsubscribe();
      expect(probe.left).toBe(1);
    });

    it('turns what it throws into an error of that subscription', () => {
      class Failing extends Observable<never> {
        protected _subscribe(): TeardownLogic {
          throw new Error('planned');
        }
      }
      expect(watch(new Failing()).error).toEqual(new Error('planned'));
    });
  });

  describe('C1', () => {
    it('is an Observable for everybody who asks', () => {
      const { lane } = new LaneOwner();
      const request$ = new RequestObservable(lane, 'echo', 'x', undefined, false);
      expect([isObservable(request$), request$ instanceof Observable]).toEqual([true, true]);
      expect(lane.counts.waiting).toBe(0);
    });

    it('sends again, under a new id, for each subscription: directly, through operators, by retry', () => {
      const { client, wire } = connectPlain();
      const request$ = client.request('echo', 'x');
      watch(request$);
      watch(request$.pipe(map(String)));
      const retried = watch(defer(() => request$).pipe(retry(1)));
      wire.receive({ id: 2, error: { code: -5, message: 'no' } }, { id: 3, result: 'yes' });
      expect(wire.sent.map((message) => 'id' in message && message.id)).toEqual([0, 1, 2, 3]);
      expect(retried).toMatchObject({ values: ['yes'], end: 'complete' });
    });

    it('sends once for those who share it, and cancels when the last of them leaves', () => {
      const { client, wire } = connectPlain();
      const shared$ = client.request('echo', 'x').pipe(share());
      const [first, second] = [watch(shared$), watch(shared$)];
      first.unsubscribe();
      expect(wire.sent).toHaveLength(1);
      second.unsubscribe();
      expect(named('cancel', wire.sent)).toHaveLength(1);
      wire.end();
    });

    it('works with what joins and switches', async () => {
      const { client, wire } = connectPlain();
      const both = watch(forkJoin([client.request('echo', 1), client.request('echo', 2)]));
      wire.receive({ id: 1, result: 'b' }, { id: 0, result: 'a' });
      expect(both.values).toEqual([['a', 'b']]);
      const host = hostPlain();
      const chain$ = host.client.request('echo', 1).pipe(switchMap((n) => host.client.request('echo', [n, n])));
      expect(await firstValueFrom(chain$)).toEqual([1, 1]);
    });
  });

  it('A1 emits and completes in the frame of its answer; leaving before that cancels', () => {
    run(({ cold, expectObservable }) => {
      const { client, wire } = connectPlain({}, { inbound$: cold('---(ab)', answers) });
      const expected = '---(y|)';
      const left = '    ^-!';
      expectObservable(client.request('echo', 'x')).toBe(expected, { y: 'yes' });
      expectObservable(client.request('echo', 'x'), left).toBe('---');
      at(5, () => {
        expect(wire.sentAt).toEqual([0, 0, 2]);
        expect(wire.sent[2]).toEqual({ method: 'cancel', params: { id: 1 } });
        expect(client.stats().requests).toMatchObject({ inFlight: 0, answered: 1 });
      });
    });
  });

  it('C9 takes its own time limit before the client s', () => {
    run(({ expectObservable }) => {
      const { client } = connectPlain({ timeout: 3 });
      const error = expect.objectContaining({ reason: 'timeout' });
      const [own, common] = [client.request('echo', 1, { timeout: 6 }), client.request('echo', 2)];
      const seen: unknown[] = [];
      for (const request$ of [own, common]) request$.subscribe({ error: (e: unknown) => seen.push(e) });
      at(4, () => expect(seen).toEqual([error]));
      at(7, () => expect(seen).toEqual([error, error]));
      expectObservable(client.closed$).toBe('-');
    });
  });

  it('C2 gives up a subscription whose id is taken without touching the owner of the id', () => {
    const { client, wire } = connectPlain();
    const first = watch(client.request('echo', 1, { id: 'mine' }));
    const second = watch(client.request('echo', 2, { id: 'mine' }));
    second.unsubscribe();
    wire.receive({ id: 'mine', result: 'yes' });
    expect([second.end, first.values, wire.sent.length]).toEqual(['error', ['yes'], 1]);
  });
});

const answers = { a: { id: 0, result: 'yes' }, b: { id: 1, result: 'late' } };
