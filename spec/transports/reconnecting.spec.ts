import { asyncScheduler, EMPTY, of, throwError } from 'rxjs';

import { connect } from '../../src/client/index.js';
import { reconnecting } from '../../src/transports/index.js';
import { isTransportError } from '../../src/protocol/index.js';
import type { CloseInfo } from '../../src/protocol/index.js';
import { fakeWire, run } from '../../src/testing/index.js';
import { latest, plain, watch } from '../rules/support.js';
import { formalClient, ReconnectingClient } from '../client/reconnecting-client.js';

/** When each wire was made: its handshake is the first thing sent. */
const made = ({ wires }: { readonly wires: ReconnectingClient<never>['wires'] }): unknown[] =>
  wires.map(({ sentAt }) => sentAt[0]);

const offline = new Error('offline');

describe('reconnecting', () => {
  describe('when an attempt is due', () => {
    it('waits longer after each that fails, and counts anew after a session', () => {
      run(({ cold, expectObservable, flush }) => {
        const steps = '   -g-x----x-------g-x-s';
        const expected = 'cr-1----2-------r-1-(x|)';
        const set = formalClient();
        set.play(cold, steps);
        expectObservable(set.states).toBe(expected);
        flush();
        expect(made(set)).toEqual([0, 6, 14]);
      });
    });

    it('is 250 ms at first, doubled up to 30 s, of which up to half is left to chance', () => {
      const times = (random: number): unknown[] =>
        run(({ flush }) => {
          const source = reconnecting(
            () => {
              attempts.push(asyncScheduler.now());
              throw new Error('refused');
            },
            { attempts: 9, random: () => random },
          );
          const attempts: number[] = [];
          connect(source, plain);
          flush();
          return attempts.map((time, index) => time - (attempts[index - 1] ?? 0));
        });
      expect(times(0)).toEqual([0, 250, 500, 1_000, 2_000, 4_000, 8_000, 16_000, 30_000, 30_000]);
      expect(times(1)).toEqual([0, 125, 250, 500, 1_000, 2_000, 4_000, 8_000, 15_000, 15_000]);
    });

    it('is for a notifier to say, which is told what ended the last wire', () => {
      run(({ cold, expectObservable, expectSubscriptions, flush }) => {
        const told: [CloseInfo, number][] = [];
        const due = cold('                -----a--b');
        const steps = '   -x-------x-----x----s';
        const notified = ['-^----!', '---------^----!', '---------------^----!'];
        const expected = 'c1-------2-----3----(x|)';
        const set = formalClient({
          delay: (lost, attempt) => {
            told.push([lost, attempt]);
            return due;
          },
        });
        set.play(cold, steps);
        expectObservable(set.states).toBe(expected);
        expectSubscriptions(due.subscriptions).toBe(notified);
        flush();
        const cut = { reason: 'cut', orderly: false };
        expect(told).toEqual([
          [cut, 1],
          [cut, 2],
          [cut, 3],
        ]);
      });
    });
  });

  describe('the end of all attempts', () => {
    it('comes after as many as the option says, with the last reason', () => {
      run(({ cold, expectObservable }) => {
        const steps = '   -g-x----x-------x';
        const expected = 'cr-1----2-------(x|)';
        const set = formalClient({ attempts: 2 });
        set.play(cold, steps);
        const info = { reason: 'gave up after 2 attempts: cut', orderly: false };
        expectObservable(set.states).toBe(expected);
        expectObservable(set.client.closed$).toBe('----------------(i|)', { i: info });
      });
    });

    it('errors what waits, and the views', () => {
      run(({ cold, flush }) => {
        const set = formalClient({ attempts: 1 });
        const [waiting, events] = [watch(set.client.request('echo', 'x')), watch(set.client.events$)];
        set.play(cold, '-x----x');
        flush();
        for (const { error, ends } of [waiting, events]) {
          expect(ends).toBe(1);
          expect(isTransportError(error)).toBe(true);
          expect(error).toMatchObject({ reason: 'closed' });
        }
        expect(waiting.error).toMatchObject({ message: 'echo: gave up after 1 attempts: cut' });
      });
    });

    it('is the first loss where no attempt is allowed', () => {
      const set = formalClient({ attempts: 0 });
      set.wire.end({ reason: 'gone' });
      expect(latest(set.client.closed$)).toEqual({ reason: 'gave up after 0 attempts: gone', orderly: false });
      expect(set.wires).toHaveLength(1);
    });

    it.each([
      ['completes without a value', () => EMPTY, undefined],
      ['errors', () => throwError(() => offline), offline],
      [
        'cannot be made',
        () => {
          throw offline;
        },
        offline,
      ],
    ] as const)('comes when a notifier %s', (_how, delay, error) => {
      run(({ flush }) => {
        const set = formalClient({ delay: (_lost, attempt) => (attempt === 1 ? of(1) : delay()) });
        const waiting = watch(set.client.request('echo', 'x'));
        set.wire.end({ reason: 'cut' });
        expect(set.wires).toHaveLength(2);
        set.wire.end({ reason: 'cut' });
        flush();
        const info = latest(set.client.closed$);
        expect(info).toMatchObject({ reason: 'gave up after 1 attempts: cut', orderly: false });
        expect(info?.error).toBe(error);
        expect(waiting.ends).toBe(1);
      });
    });
  });

  describe('a handshake that is not answered in time', () => {
    it('is a failed attempt, and its wire is closed', () => {
      run(({ cold, expectObservable, flush }) => {
        const steps = '   ----------g-s';
        const expected = 'c----1----r-(x|)';
        const set = formalClient({ timeout: 5 });
        set.play(cold, steps);
        expectObservable(set.states).toBe(expected);
        flush();
        expect(set.wires[0]?.closedWith).toMatchObject({
          reason: 'handshake failed: initialize: no answer in time',
          orderly: false,
        });
        expect(set.wires).toHaveLength(2);
      });
    });

    it('has 30 s by itself, and the client s time limit does not count', () => {
      run(({ expectObservable }) => {
        const set = formalClient({ attempts: 0, client: { timeout: 5 } });
        expectObservable(set.states).toBe('c 29999ms (x|)');
      });
    });
  });

  describe('without a handshake', () => {
    it('a session is open at once, and counts only if something was heard', () => {
      run(({ cold, expectObservable }) => {
        const steps = '   -x----x------dx---s';
        const expected = 'r1--r-2-----r-1--r(x|)';
        const set = new ReconnectingClient(plain);
        set.play(cold, steps);
        expectObservable(set.states).toBe(expected);
      });
    });
  });

  it('gives the client the defaults of a remote wire, whatever the wires say', () => {
    const set = new ReconnectingClient(plain, { make: () => fakeWire({ local: true }) });
    for (let n = 0; n < 100; n += 1) watch(set.client.request('echo', n));
    expect(set.wire.sent).toHaveLength(64);
  });
});
