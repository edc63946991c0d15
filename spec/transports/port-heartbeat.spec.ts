import { asyncScheduler, Observable } from 'rxjs';

import { run } from '../../src/testing/index.js';
import { PortHeartbeat } from '../../src/transports/port-heartbeat.js';

/** Emits each ping, and completes with the other side. */
function beats(interval: number, heard: readonly number[] = [], stopAt?: number): Observable<string> {
  return new Observable((subscriber) => {
    const heartbeat = new PortHeartbeat(interval, asyncScheduler, {
      ping: () => subscriber.next('p'),
      unresponsive: () => subscriber.complete(),
    });
    heartbeat.start();
    for (const at of heard) asyncScheduler.schedule(() => heartbeat.heard(), at);
    if (stopAt !== undefined) asyncScheduler.schedule(() => heartbeat.stop(), stopAt);
  });
}

describe('PortHeartbeat', () => {
  it('pings, and gives up when two pings in a row had no answer', () => {
    run(({ expectObservable }) => {
      expectObservable(beats(4)).toBe('            ----p---p---|');
      expectObservable(beats(4, [5])).toBe('       ----p---p---p---|');
      expectObservable(beats(4, [5, 14])).toBe('   ----p---p---p---p---p---|');
    });
  });

  it('stops when it is told to, and schedules nothing without an interval', () => {
    run(({ expectObservable }) => {
      expectObservable(beats(4, [], 5), '50ms !').toBe('----p');
      for (const never of [0, -1, NaN]) expectObservable(beats(never), '50ms !').toBe('');
    });
  });

  it('takes a time no timer can wait for the longest it can', () => {
    run(({ expectObservable }) => {
      expectObservable(beats(Infinity), '50ms !').toBe('');
      expectObservable(beats(2 ** 31), '2147483648ms !').toBe('2147483647ms p');
    });
  });
});
