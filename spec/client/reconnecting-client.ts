import { map, type Observable, of, type OperatorFunction } from 'rxjs';
import type { RunHelpers } from 'rxjs/testing';

import type { Lagged } from '../../src/backpressure/index.js';
import type { Client, ClientOptions, ClientState } from '../../src/client/client.js';
import { connect } from '../../src/client/index.js';
import { reconnecting, type ReconnectingOptions } from '../../src/transports/index.js';
import type { Contract, Inbound } from '../../src/protocol/index.js';
import { fakeWire, type FakeWire } from '../../src/testing/index.js';
import { formal, type Formal } from '../rules/support.js';

/** How a client is made, and what its wires are. */
export interface ReconnectingSetup<C extends Contract> extends ReconnectingOptions {
  readonly client?: ClientOptions<C>;
  /** The wire of the nth attempt, from 0. May throw. */
  readonly make?: (n: number) => FakeWire;
}

/** A client whose wires are made on demand, each held by the spec. Times are exact: delay 3, no jitter. */
export class ReconnectingClient<C extends Contract> {
  readonly client: Client<C>;
  readonly wires: FakeWire[] = [];

  constructor(contract: C, { client, make = () => fakeWire(), ...options }: ReconnectingSetup<C> = {}) {
    let made = 0;
    const source = reconnecting(
      () => {
        const wire = make(made++);
        this.wires.push(wire);
        return wire;
      },
      { delay: 3, jitter: 0, ...options },
    );
    this.client = connect(source, contract, client);
  }

  /** The wire there is, or was last. */
  get wire(): FakeWire {
    const wire = this.wires.at(-1);
    if (wire === undefined) throw new Error('no wire was made');
    return wire;
  }

  /** Answers the handshake. */
  greet(name = 'formal'): void {
    const hello = this.wire.sent.find((message) => 'method' in message && message.method === 'initialize');
    if (hello === undefined || !('id' in hello) || hello.id === null) throw new Error('there was no handshake');
    this.wire.receive({ id: hello.id, result: { name } });
  }

  /** `g` answers the handshake, `x` cuts the wire, `d` sends an event, `s` shuts down; any other letter is the spec's. */
  play(cold: RunHelpers['cold'], steps: string, others: Readonly<Record<string, () => void>> = {}): void {
    const known: Readonly<Record<string, () => void>> = {
      g: () => {
        this.greet();
      },
      x: () => {
        this.wire.end({ reason: 'cut', orderly: false });
      },
      d: () => {
        this.wire.receive(done(0));
      },
      s: () => {
        this.client.shutdown();
      },
      ...others,
    };
    cold(steps).subscribe((step) => known[step]?.());
  }

  /** `state$` in single letters: c, r, the attempt's number, x. */
  get states(): Observable<string> {
    return this.client.state$.pipe(letters);
  }
}

/** One with a handshake. */
export function formalClient(setup: ReconnectingSetup<Formal> = {}): ReconnectingClient<Formal> {
  return new ReconnectingClient(formal, setup);
}

const letters: OperatorFunction<ClientState, string> = map((state) => {
  if (state.type === 'reconnecting') return String(state.attempt);
  return state.type === 'closed' ? 'x' : state.type.slice(0, 1);
});

/** The next attempt begins as soon as a wire is lost, and no handshake is timed: no clock is needed. */
export const atOnce: ReconnectingOptions = { delay: () => of(1), timeout: Infinity };

/** A lossless event. */
export const done = (n: number): Inbound => ({ method: 'done', params: { n, scope: 'a' } });

/** A question. */
export const ask = (id: number, params = 'well?'): Inbound => ({ id, method: 'ask', params });

/** The marker of a break that took this number. */
export const broken = (seq: number): Lagged => ({ type: 'lagged', skipped: 0, unknown: true, first: seq, last: seq });
