import fc from 'fast-check';
import { VirtualTimeScheduler } from 'rxjs';

import { isLagged } from '../../src/backpressure/index.js';
import { connect } from '../../src/client/index.js';
import { reconnecting } from '../../src/transports/index.js';
import type { Message, RequestId } from '../../src/protocol/index.js';
import { formal, type Watch, watch } from '../rules/support.js';
import { UndeadWire } from './undead-wire.js';

/** One thing that happens. `at` picks among what there is to pick from. */
type Step =
  | { readonly type: 'request'; readonly timeout: number | undefined }
  | { readonly type: 'answer' | 'lateAnswer' | 'giveUp' | 'event'; readonly at: number }
  | { readonly type: 'greet' | 'cut' | 'fail' | 'notify' | 'question' }
  | { readonly type: 'wait'; readonly time: number };

const step: fc.Arbitrary<Step> = fc.oneof(
  {
    weight: 4,
    arbitrary: fc.record({ type: fc.constant('request' as const), timeout: fc.constantFrom(undefined, 5, 50) }),
  },
  {
    weight: 5,
    arbitrary: fc.record({
      type: fc.constantFrom('answer' as const, 'lateAnswer' as const, 'giveUp' as const, 'event' as const),
      at: fc.nat(),
    }),
  },
  {
    weight: 5,
    arbitrary: fc.record({
      type: fc.constantFrom(
        'greet' as const,
        'greet' as const,
        'cut' as const,
        'fail' as const,
        'notify' as const,
        'question' as const,
      ),
    }),
  },
  { weight: 4, arbitrary: fc.record({ type: fc.constant('wait' as const), time: fc.integer({ min: 1, max: 40 }) }) },
);

/** Long enough for several sessions. */
const steps = fc.array(step, { minLength: 20, maxLength: 120, size: 'max' });

/** What may follow a state. */
const legal: Readonly<Record<string, RegExp>> = {
  connecting: /^(ready|reconnecting 1|closed)$/,
  ready: /^(reconnecting 1|closed)$/,
  closed: /^$/,
};

/** A client, its peers and all that was seen of them, driven step by step. */
class World {
  readonly time = new VirtualTimeScheduler();
  readonly wires: UndeadWire[] = [];
  readonly requests: { readonly seen: Watch<unknown>; gaveUp: boolean }[] = [];
  /** Attempts that will fail before there is a wire. */
  private failing = 0;
  readonly client = connect(
    reconnecting(
      () => {
        if (this.failing > 0) {
          this.failing -= 1;
          throw new Error('refused');
        }
        const wire = new UndeadWire();
        this.wires.push(wire);
        return wire;
      },
      { delay: 4, maxDelay: 16, jitter: 0.5, random: () => 0.5, attempts: 3, timeout: 60 },
    ),
    formal,
    { scheduler: this.time, limits: { inFlight: 2, requests: 4 }, cancelHold: 7 },
  );
  readonly states = watch(this.client.state$);
  readonly events = watch(this.client.events$);
  readonly diagnostics = watch(this.client.diagnostics$);

  /** Takes a step. What was sent over a wire that is lost has ended, one way or another. */
  do(action: Step): void {
    this.take(action);
    for (const { params, wire } of echoes(this.wires)) {
      const request = this.requests[Number(String(params).split(' ')[1])];
      if (this.wires[wire]?.inbound$.observed === false)
        expect(request?.gaveUp === true || request?.seen.ends).toBeTruthy();
    }
  }

  private take(action: Step): void {
    const wire = this.wires.at(-1);
    switch (action.type) {
      case 'request': {
        const params = `request ${this.requests.length}`;
        const { timeout } = action;
        const seen = watch(this.client.request('echo', params, timeout === undefined ? {} : { timeout }));
        this.requests.push({ seen, gaveUp: false });
        return;
      }
      case 'answer':
        this.answer(wire, action.at);
        return;
      case 'lateAnswer':
        // Any wire that was ever made, so mostly one that is lost.
        this.answer(this.wires[action.at % Math.max(1, this.wires.length)], action.at);
        return;
      case 'giveUp': {
        const request = this.requests[action.at % Math.max(1, this.requests.length)];
        if (request === undefined) return;
        request.gaveUp ||= request.seen.ends === 0;
        request.seen.unsubscribe();
        return;
      }
      case 'event':
        this.wires[action.at % Math.max(1, this.wires.length)]?.inbound$.next({
          method: 'done',
          params: { n: action.at % Math.max(1, this.wires.length) },
        });
        return;
      case 'greet': {
        const hello = wire?.sent.find((message) => 'method' in message && message.method === 'initialize');
        if (hello !== undefined && 'id' in hello)
          wire?.inbound$.next({ id: hello.id as RequestId, result: { name: '' } });
        return;
      }
      case 'question':
        wire?.inbound$.next({ id: 1, method: 'ask', params: 'well?' });
        return;
      case 'cut':
        wire?.closed$.next({ reason: 'cut', orderly: false });
        return;
      case 'fail':
        this.failing += 1;
        wire?.closed$.next({ reason: 'cut', orderly: false });
        return;
      case 'notify':
        this.client.notify('log', 'x');
        return;
      default: {
        const until = this.time.now() + action.time;
        this.time.schedule(() => undefined, action.time);
        this.time.maxFrames = until;
        this.time.flush();
      }
    }
  }

  /** Answers one of the requests that this wire was sent, with its own params and the wire's number. */
  private answer(wire: UndeadWire | undefined, at: number): void {
    if (wire === undefined) return;
    const asked = wire.sent.filter((message) => 'method' in message && message.method === 'echo');
    const message = asked[at % Math.max(1, asked.length)];
    if (message === undefined || !('id' in message) || !('method' in message)) return;
    wire.inbound$.next({ id: message.id, result: message.params });
  }
}

function echoes(
  wires: readonly UndeadWire[],
): { readonly id: RequestId; readonly params: unknown; readonly wire: number }[] {
  return wires.flatMap(({ sent }, wire) =>
    sent.flatMap((message: Message) =>
      'method' in message && 'id' in message && message.method === 'echo'
        ? [{ id: message.id, params: message.params, wire }]
        : [],
    ),
  );
}

function words(state: { readonly type: string; readonly attempt?: number }): string {
  return state.attempt === undefined ? state.type : `${state.type} ${state.attempt}`;
}

describe('a connection that is lost again and again', () => {
  it('A1, C2: each request ends once and is sent once at most, with an id of its own; the states are legal', () => {
    fc.assert(
      fc.property(steps, (taken) => {
        const world = new World();
        for (const action of taken) world.do(action);
        world.client.shutdown({ timeout: 0 });
        world.do({ type: 'wait', time: 1 });

        for (const [n, { seen, gaveUp }] of world.requests.entries()) {
          expect(seen.ends).toBe(gaveUp ? 0 : 1);
          if (seen.end === 'complete') expect(seen.values).toEqual([`request ${n}`]);
        }
        const sent = echoes(world.wires);
        expect(new Set(sent.map(({ params }) => params)).size).toBe(sent.length);
        const ids = world.wires.flatMap((wire) =>
          wire.sent.flatMap((message) => ('method' in message && 'id' in message ? [message.id] : [])),
        );
        expect(new Set(ids).size).toBe(ids.length);

        const states = world.states.values.map(words);
        states.forEach((state, index) => {
          const next = states[index + 1] ?? '';
          const attempt = /^reconnecting (\d+)$/.exec(state)?.[1];
          const expected =
            attempt === undefined ? legal[state] : new RegExp(`^(ready|reconnecting ${Number(attempt) + 1}|closed)$`);
          expect(next).toMatch(expected ?? /never/);
        });
        expect(world.states.end).toBe('complete');
        expect(world.client.stats()).toMatchObject({
          requests: { inFlight: 0, waiting: 0 },
          serverRequests: { open: 0 },
        });
        expect(world.time.actions).toEqual([]);
      }),
    );
  });

  it('E2, E9: between the events of two wires stands one gap at least, numbers rise, and the account is exact', () => {
    fc.assert(
      fc.property(steps, (taken) => {
        const world = new World();
        for (const action of taken) world.do(action);
        let [seq, wire, isBehindGap] = [0, 0, true];
        let delivered = 0;
        for (const event of world.events.values) {
          const number = isLagged(event) ? event.first : event.seq;
          expect(number).toBeGreaterThan(seq);
          seq = number ?? seq;
          if (isLagged(event)) {
            expect(event).toMatchObject({ skipped: 0, unknown: true });
            isBehindGap = true;
          } else {
            delivered += 1;
            if (event.type !== 'notification' || event.method !== 'done') continue;
            expect(event.params.n).toBeGreaterThanOrEqual(wire);
            if (event.params.n > wire) expect(isBehindGap).toBe(true);
            wire = event.params.n;
            isBehindGap = false;
          }
        }
        const counts = world.client.stats().events;
        expect(counts.delivered).toBe(delivered);
        expect(counts.delivered + counts.skipped + counts.conflated).toBe(counts.emitted);
        world.client.shutdown({ timeout: 0 });
        world.do({ type: 'wait', time: 1 });
      }),
    );
  });
});
