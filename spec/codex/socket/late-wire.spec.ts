import { map, NEVER, Subject, throwError } from 'rxjs';

import { lateWire } from '../../../src/codex/socket/late-wire.js';
import type { Wire } from '../../../src/protocol/index.js';
import { fakeWire, run } from '../../../src/testing/index.js';
import { watch } from '../../rules/support.js';

const message = (n: number) => ({ method: 'm', params: n });

describe('lateWire', () => {
  it('counts as full until the other has come, and then hands on what waits and what comes', () => {
    run(({ cold, expectObservable }) => {
      const real = fakeWire();
      const arrival = ' ---w';
      const room = '    ---x';
      const inbound = ' -----a-b';
      const read = '    -----a-b';
      const wire = lateWire(cold(arrival, { w: real }));
      expect([wire.send(message(0)), wire.send(message(1))]).toEqual([false, false]);
      cold(inbound).subscribe((letter) => real.receive({ method: letter }));
      expectObservable(wire.writable$.pipe(map(() => real.sent.length))).toBe(room, { x: 2 });
      expectObservable(wire.inbound$.pipe(map((event) => ('method' in event ? event.method : '?')))).toBe(read);
    });
  });

  it('is as full as the other from then on', () => {
    const real = fakeWire();
    const arrival = new Subject<Wire>();
    const wire = lateWire(arrival);
    wire.send(message(0));
    arrival.next(real);
    const room = watch(wire.writable$);
    real.fill();
    expect([wire.send(message(1)), room.values.length]).toEqual([false, 1]);
    real.drain();
    expect([wire.send(message(2)), room.values.length]).toEqual([true, 2]);
    expect(real.sent).toEqual([message(0), message(1), message(2)]);
  });

  it('has no room yet if the other is full at once', () => {
    const real = fakeWire();
    const arrival = new Subject<Wire>();
    const wire = lateWire(arrival);
    const room = watch(wire.writable$);
    wire.send(message(0));
    real.fill();
    arrival.next(real);
    expect(room.values.length).toBe(0);
    real.drain();
    expect(room.values.length).toBe(1);
  });

  it('says why the other could not come', () => {
    const error = new Error('no such package');
    const wire = lateWire(throwError(() => error));
    expect(watch(wire.closed$).values).toEqual([{ reason: 'no such package', orderly: false, error }]);
    expect(watch(wire.inbound$).end).toBe('complete');
    expect(watch(wire.writable$).end).toBe('complete');
    expect(wire.send(message(0))).toBe(true);
  });

  it('ends with the other, for its reason', () => {
    const real = fakeWire();
    const arrival = new Subject<Wire>();
    const wire = lateWire(arrival);
    arrival.next(real);
    const seen = watch(wire.inbound$);
    real.end({ reason: 'gone', orderly: true });
    expect(watch(wire.closed$).values).toEqual([{ reason: 'gone', orderly: true }]);
    expect(seen.end).toBe('complete');
  });

  it('closed before the other has come, closes it when it comes', () => {
    const real = fakeWire();
    const arrival = new Subject<Wire>();
    const wire = lateWire(arrival);
    wire.send(message(0));
    wire.close({ reason: 'enough', orderly: true });
    arrival.next(real);
    expect(watch(wire.closed$).values).toEqual([{ reason: 'enough', orderly: true }]);
    expect(watch(real.closed$).values).toHaveLength(1);
    expect(real.sent).toEqual([]);
  });

  it('closed later, closes the other, once', () => {
    const real = fakeWire();
    const arrival = new Subject<Wire>();
    const wire = lateWire(arrival);
    arrival.next(real);
    wire.close();
    wire.close({ reason: 'again', orderly: false });
    expect(watch(real.closed$).values).toEqual([{ reason: 'closed', orderly: true }]);
    expect(watch(wire.closed$).values).toEqual(watch(real.closed$).values);
  });

  it('waits for ever without a word', () => {
    const wire = lateWire(NEVER);
    expect([watch(wire.closed$).end, watch(wire.inbound$).end]).toEqual(['open', 'open']);
  });
});
