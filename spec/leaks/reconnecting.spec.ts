import { Observable, Subject, VirtualTimeScheduler } from 'rxjs';

import { type Client, type ClientOptions, connect } from '../../src/client/index.js';
import { reconnecting } from '../../src/transports/index.js';
import { inProcessWires } from '../../src/in-process/index.js';
import type { RequestId, Wire } from '../../src/protocol/index.js';
import { formal, type Formal } from '../rules/support.js';
import { stillHeld, type Watch } from './still-held.js';

/** A client that connects again when it is told to. Nothing here keeps what was sent, or a wire that was lost. */
class Reconnecting {
  readonly client: Client<Formal>;
  private readonly due$ = new Subject<void>();
  private made = 0;
  private far: Wire | undefined;
  private hello: RequestId = -1;

  constructor(watch: Watch, options: ClientOptions<Formal> = {}) {
    const source = reconnecting(
      () => {
        const [near, far] = inProcessWires();
        this.far = far;
        far.inbound$.subscribe((message) => {
          if ('method' in message && 'id' in message) this.hello = message.id;
        });
        this.made += 1;
        // The last one is not lost.
        return this.made === 3 ? near : watch('lost wire', near);
      },
      { delay: () => this.due$ },
    );
    this.client = connect(source, formal, { scheduler: new VirtualTimeScheduler(), ...options });
  }

  /** The far end of the wire there is. */
  get wire(): Wire {
    if (this.far === undefined) throw new Error('no wire was made');
    return this.far;
  }

  /** Answers the handshake. */
  greet(result: object = {}): void {
    this.wire.send({ id: this.hello, result });
  }

  cut(): void {
    this.wire.close({ reason: 'cut', orderly: false });
  }

  renew(): void {
    this.due$.next();
  }
}

const observerOf = (watch: Watch, name: string): { next(): void; error(): void } =>
  watch(name, { next: () => undefined, error: () => undefined });

describe('D6: a client that has connected again', () => {
  it('holds neither a wire that was lost, nor what was asked or said over it', async () => {
    const found = await stillHeld((watch) => {
      const setup = new Reconnecting(watch);
      const { client } = setup;
      const events = client.events$.subscribe();
      for (let session = 0; session < 2; session += 1) {
        // The first one's is `ready$`, as long as the client lives.
        setup.greet(session === 0 ? {} : watch('handshake', {}));
        setup.wire.send({ method: 'done', params: watch('event', { n: 1 }) });
        setup.wire.send({ id: 7, method: 'ask', params: watch('question', {}) });
        client.request('echo', watch('params', {})).subscribe(observerOf(watch, 'observer'));
        client.call('echo', watch('params', {})).catch(watch('caught', () => undefined));
        client.request('echo', watch('given up', {})).subscribe().unsubscribe();
        setup.cut();
        setup.renew();
      }
      setup.greet();
      return [setup, events];
    });
    expect(found).toEqual({});
  });

  it('holds no work that a handler began for a session that was lost', async () => {
    const found = await stillHeld((watch) => {
      const setup = new Reconnecting(watch);
      const events = setup.client.events$.subscribe();
      const handling = setup.client.handle('ask', (_, context) => {
        watch('context', context);
        return new Observable<string>((subscriber) => {
          watch('work', subscriber);
        });
      });
      for (let session = 0; session < 2; session += 1) {
        setup.greet();
        setup.wire.send({ id: 7, method: 'ask', params: watch('question', {}) });
        setup.cut();
        setup.renew();
      }
      setup.greet();
      return [setup, events, handling];
    });
    expect(found).toEqual({});
  });

  it('holds no session whose opening was never done, neither its handshake nor its rejoining', async () => {
    const never$ = new Subject<void>();
    const found = await stillHeld((watch) => {
      const setup = new Reconnecting(watch, {
        rejoin: (session, result) => {
          watch('session', session);
          watch('handshake', result as object);
          return never$;
        },
      });
      setup.greet();
      setup.cut();
      setup.renew();
      // It is open, but for its rejoining.
      setup.greet({});
      setup.cut();
      // Its handshake is not answered.
      setup.renew();
      return setup;
    });
    expect(found).toEqual({});
    expect(never$.observed).toBe(false);
  });

  it('is held, after its end, by no wire, no clock, and nobody who would tell when the next attempt is due', async () => {
    const due$ = new Subject<void>();
    const found = await stillHeld((watch) => {
      const wires: Wire[] = [];
      const source = reconnecting(
        () => {
          const [near, far] = inProcessWires();
          wires.push(near, far);
          return near;
        },
        { delay: () => due$ },
      );
      const client = watch('client', connect(source, formal));
      client.state$.subscribe(observerOf(watch, 'state$'));
      wires[1]?.close({ reason: 'cut', orderly: false });
      client.shutdown();
      return [wires, source];
    });
    expect(found).toEqual({});
    expect(due$.observed).toBe(false);
  });
});
