import { EventLane } from '../../src/client/event-lane.js';
import { type Deferred, Receiver } from '../../src/client/receiver.js';
import type { AnyEvent } from '../../src/client/view-index.js';
import { resolveLimits } from '../../src/protocol/index.js';
import { plain } from '../rules/support.js';

const answer = (seq: number): Deferred => ({ seq, item: { id: seq, result: {} } });
const event = (seq: number): AnyEvent => ({ type: 'notification', method: 'done', params: {}, seq });

/** A receiver that writes down what it does; `onDelivery` says what a delivery causes. */
const setUp = (
  onDelivery: (seq: number) => void = () => undefined,
): { receiver: Receiver; lane: EventLane; order: string[]; turns: () => number } => {
  const order: string[] = [];
  let turns = 0;
  const lane = new EventLane(plain, resolveLimits({}, 'client', false), {
    overflowed: () => undefined,
    diagnose: () => undefined,
    serially: (deliver) => deliver(),
  });
  lane.view<AnyEvent>({ all: true }).subscribe(({ seq }) => {
    order.push(`event ${seq}`);
    onDelivery(seq);
  });
  const receiver: Receiver = new Receiver(
    lane,
    ({ seq }) => {
      order.push(`answer ${seq}`);
      onDelivery(seq);
    },
    () => {
      expect(receiver.isDelivering).toBe(false);
      turns += 1;
    },
  );
  return { receiver, lane, order, turns: () => turns };
};

describe('Receiver', () => {
  it('A2 merges answers and events by their numbers, and settles once, after the last', () => {
    const { receiver, lane, order, turns } = setUp();
    receiver.run(() => {
      for (const seq of [2, 5]) receiver.defer(answer(seq));
      for (const seq of [1, 3, 4, 6]) lane.defer(event(seq));
      order.push('caused');
    });
    expect(order).toEqual(['caused', 'event 1', 'answer 2', 'event 3', 'event 4', 'answer 5', 'event 6']);
    expect(turns()).toBe(1);
  });

  it('S2 shows a question as an event first, then to the inbox: both have one number', () => {
    const { receiver, lane, order } = setUp();
    receiver.run(() => {
      receiver.defer(answer(1));
      lane.defer(event(1));
    });
    expect(order).toEqual(['event 1', 'answer 1']);
  });

  it('E5 takes what a delivery causes into the same turn, behind what waits', () => {
    const { receiver, lane, order, turns } = setUp((seq) => {
      expect(receiver.isDelivering).toBe(true);
      if (seq === 1) receiver.defer(answer(3));
      if (seq === 3) lane.defer(event(4));
    });
    receiver.run(() => {
      for (const seq of [1, 2]) lane.defer(event(seq));
    });
    expect(order).toEqual(['event 1', 'event 2', 'answer 3', 'event 4']);
    expect(turns()).toBe(1);
  });

  it('E5 keeps the stack flat over 50,000 that cause one another', () => {
    const { receiver, order } = setUp((seq) => seq < 50_000 && receiver.defer(answer(seq + 1)));
    receiver.run(() => receiver.defer(answer(1)));
    expect(order).toHaveLength(50_000);
  });

  it('runs a delivery inside another at once, without a turn of its own', () => {
    const { receiver, order, turns } = setUp();
    receiver.run(() => {
      receiver.defer(answer(1));
      receiver.run(() => order.push('inner'));
      expect(turns()).toBe(0);
    });
    expect(order).toEqual(['inner', 'answer 1']);
    expect(turns()).toBe(1);
  });

  it('delivers what was caused by a delivery that throws, passes the error on, and can be used again', () => {
    const { receiver, order, turns } = setUp();
    const failing = (): void =>
      receiver.run(() => {
        receiver.defer(answer(1));
        throw new Error('planned');
      });
    expect(failing).toThrow('planned');
    expect(order).toEqual(['answer 1']);
    receiver.run(() => receiver.defer(answer(2)));
    expect(order).toEqual(['answer 1', 'answer 2']);
    expect(turns()).toBe(2);
  });

  it('has turns with nothing in them', () => {
    const { receiver, order, turns } = setUp();
    receiver.enter();
    receiver.leave();
    expect([order, turns()]).toEqual([[], 1]);
  });
});
