import fc from 'fast-check';
import { VirtualTimeScheduler } from 'rxjs';

import type { CloseInfo, Message, Wire } from '../../src/index.js';
import { postMessageWire, type PostMessagePort, type PostMessageWireOptions } from '../../src/transports/index.js';

type Step =
  | { readonly do: 'send'; readonly end: 0 | 1; readonly size: number; readonly answers: number }
  | { readonly do: 'pause' | 'resume'; readonly end: 0 | 1 }
  | { readonly do: 'wait'; readonly frames: number };

const ends = fc.constantFrom<0 | 1>(0, 1);
const steps = fc.array(
  fc.oneof(
    {
      weight: 6,
      arbitrary: fc.record({
        do: fc.constant('send' as const),
        end: ends,
        size: fc.integer({ min: 0, max: 40 }),
        // How many messages a reader sends from inside, on receiving it.
        answers: fc.integer({ min: -4, max: 2 }).map((n) => Math.max(0, n)),
      }),
    },
    { weight: 1, arbitrary: fc.record({ do: fc.constant('pause' as const), end: ends }) },
    { weight: 1, arbitrary: fc.record({ do: fc.constant('resume' as const), end: ends }) },
    { weight: 3, arbitrary: fc.record({ do: fc.constant('wait' as const), frames: fc.nat(8) }) },
  ),
  { maxLength: 80 },
);
const credits = fc.integer({ min: 1, max: 6 });
const bytes = fc.integer({ min: 1, max: 150 });

/** One end: what it sent, what it read, and what of the other's is out and not read. */
class End {
  readonly sent: string[] = [];
  readonly read: string[] = [];
  readonly closed: CloseInfo[] = [];
  /** Sizes of what it has posted and the other has not read. */
  readonly out: number[] = [];
  /** The most there was at a time. */
  most = 0;
  mostBytes = 0;
  /** Whether the sink is full, as the wire says. */
  isFull = false;
  other: End | undefined;
  wire: Wire | undefined;
  receive: ((value: unknown) => void) | undefined;

  constructor(readonly name: string) {}

  send(size: number, answers: number): void {
    const method = `${this.name}${this.sent.length}${'x'.repeat(size)}`;
    this.sent.push(method);
    this.isFull = this.wire?.send({ method, params: answers }) === false;
  }

  posted(message: Message): void {
    // 'method', 'params', and 8 for a number.
    this.out.push(20 + ('method' in message ? message.method.length : 0));
    this.most = Math.max(this.most, this.out.length);
    if (this.out.length > 1)
      this.mostBytes = Math.max(
        this.mostBytes,
        this.out.reduce((sum, size) => sum + size),
      );
  }
}

/** Two ends, each in a context of its own: what is posted arrives later, in order, and is a copy. */
function connectEnds(
  clock: VirtualTimeScheduler,
  options: readonly [PostMessageWireOptions, PostMessageWireOptions],
  delays: readonly [number, number] = [2, 3],
): { readonly ends: readonly [End, End]; cut(): void } {
  const pair = [new End('a'), new End('b')] as const;
  let isCut = false;
  const open = (end: End, other: End, index: 0 | 1): void => {
    const port: PostMessagePort = {
      post: (value) => {
        const packet = JSON.parse(JSON.stringify(value)) as { sluice: (Message | unknown[])[] };
        for (const frame of packet.sluice) if (!Array.isArray(frame)) end.posted(frame);
        clock.schedule(() => {
          if (!isCut) other.receive?.(packet);
        }, delays[index]);
      },
      listen: (receive) => {
        end.receive = receive;
        return () => (end.receive = undefined);
      },
    };
    const wire = postMessageWire(port, { heartbeat: 0, scheduler: clock, joinOn: clock, ...options[index] });
    end.wire = wire;
    end.other = other;
    wire.closed$.subscribe((info) => end.closed.push(info));
    wire.writable$.subscribe(() => (end.isFull = false));
    wire.inbound$.subscribe((inbound) => {
      other.out.shift();
      const { method, params } = inbound as { method: string; params: number };
      end.read.push(method);
      for (let n = 0; n < params; n += 1) end.send(n, 0);
    });
  };
  open(pair[0], pair[1], 0);
  // The other end comes later; the hello of the first finds nobody.
  clock.maxFrames = clock.frame + 10;
  clock.flush();
  open(pair[1], pair[0], 1);
  return { ends: pair, cut: () => (isCut = true) };
}

function play(
  clock: VirtualTimeScheduler,
  { ends: both }: ReturnType<typeof connectEnds>,
  script: readonly Step[],
): void {
  for (const step of script) {
    switch (step.do) {
      case 'send':
        both[step.end].send(step.size, step.answers);
        break;
      case 'pause':
        both[step.end].wire?.pause?.();
        break;
      case 'resume':
        both[step.end].wire?.resume?.();
        break;
      case 'wait':
        clock.maxFrames = clock.frame + step.frames;
        clock.flush();
    }
  }
}

function finish(clock: VirtualTimeScheduler, { ends: both }: ReturnType<typeof connectEnds>): void {
  for (const { wire } of both) wire?.resume?.();
  clock.maxFrames = Infinity;
  clock.flush();
}

describe('two ends of a port, whatever they send and whenever they pause', () => {
  it('E2, E7: lose nothing, keep the order, and let no more be out than there is credit for', () => {
    fc.assert(
      fc.property(steps, credits, bytes, credits, bytes, (script, creditA, bytesA, creditB, bytesB) => {
        const clock = new VirtualTimeScheduler();
        const pair = connectEnds(clock, [
          { credit: creditA, creditBytes: bytesA },
          { credit: creditB, creditBytes: bytesB },
        ]);
        play(clock, pair, script);
        finish(clock, pair);
        const [a, b] = pair.ends;
        expect([a.read, b.read]).toEqual([b.sent, a.sent]);
        expect(a.most).toBeLessThanOrEqual(creditB);
        expect(b.most).toBeLessThanOrEqual(creditA);
        expect(a.mostBytes).toBeLessThanOrEqual(bytesB);
        expect(b.mostBytes).toBeLessThanOrEqual(bytesA);
        // Whoever was told to wait was told to go on.
        expect([a.isFull, b.isFull, a.closed, b.closed]).toEqual([false, false, [], []]);
      }),
    );
  });

  it('D3: deliver what was sent before the end, and both know how it ended', () => {
    fc.assert(
      fc.property(steps, credits, fc.nat(1), (script, credit, which) => {
        const clock = new VirtualTimeScheduler();
        const pair = connectEnds(clock, [{ credit }, { credit }]);
        play(clock, pair, script);
        const [closing, other] = which === 0 ? pair.ends : ([pair.ends[1], pair.ends[0]] as const);
        const { length } = closing.sent;
        closing.wire?.close({ reason: 'enough', orderly: true });
        finish(clock, pair);
        expect(other.read).toEqual(closing.sent.slice(0, length));
        expect([closing.closed, other.closed]).toEqual(Array(2).fill([{ reason: 'enough', orderly: true }]));
      }),
    );
  });

  it('find out that the other is gone, and never of one that is there, within three beats', () => {
    const beat = 20;
    fc.assert(
      fc.property(steps, fc.nat(9), fc.nat(9), fc.nat(200), (script, there, back, alive) => {
        const clock = new VirtualTimeScheduler();
        const options = { heartbeat: beat };
        const pair = connectEnds(clock, [options, options], [there, back]);
        play(clock, pair, script);
        const wait = (frames: number): void => {
          clock.maxFrames = clock.frame + frames;
          clock.flush();
        };
        wait(100 + alive);
        expect(pair.ends.flatMap(({ closed }) => closed)).toEqual([]);
        pair.cut();
        wait(3 * beat + 1);
        expect(pair.ends.map(({ closed }) => closed)).toEqual(
          Array(2).fill([{ reason: 'peer unresponsive', orderly: false }]),
        );
      }),
    );
  });
});
