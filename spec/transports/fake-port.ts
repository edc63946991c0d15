import { Subject, VirtualTimeScheduler } from 'rxjs';

import type { CloseInfo, Inbound, Wire } from '../../src/index.js';
import { postMessageWire, type PostMessagePort, type PostMessageWireOptions } from '../../src/transports/index.js';

/** A port whose other end is the spec. */
export class FakePort implements PostMessagePort {
  /** The frames of each packet. */
  readonly posted: unknown[][] = [];
  readonly closed = new Subject<unknown>();
  /** What it throws at. */
  refuses: (packet: unknown) => boolean = () => false;
  isHeard = false;
  private receive: (value: unknown) => void = () => undefined;

  post(value: unknown): void {
    if (this.refuses(value)) throw new Error('refused');
    this.posted.push((structuredClone(value) as { sluice: unknown[] }).sluice);
  }

  listen(receive: (value: unknown) => void): () => void {
    this.receive = receive;
    this.isHeard = true;
    return () => (this.isHeard = false);
  }

  /** The other end posts these frames. */
  say(...sluice: unknown[]): void {
    this.receive({ sluice });
  }

  /** Somebody posts this. */
  throwIn(value: unknown): void {
    this.receive(value);
  }

  /** What was posted since the last look. */
  look(): unknown[][] {
    return this.posted.splice(0);
  }
}

/** A wire over a fake port, and whatever comes of it. */
export class Opened {
  readonly port = new FakePort();
  readonly read: (Inbound | 'end')[] = [];
  readonly ends: CloseInfo[] = [];
  room = 0;
  readonly wire: Wire;
  private greeting: [string, string] | undefined;
  private readonly turn = new VirtualTimeScheduler();

  constructor(options: PostMessageWireOptions = {}) {
    this.wire = postMessageWire(this.port, { heartbeat: 0, joinOn: this.turn, ...options });
    this.wire.closed$.subscribe((info) => this.ends.push(info));
    this.wire.writable$.subscribe(() => (this.room += 1));
  }

  /** The name it has said hello with. */
  get name(): string {
    this.endTurn();
    this.greeting ??= this.port.posted.flat().find((frame): frame is [string, string] => Array.isArray(frame));
    return this.greeting?.[1] ?? '';
  }

  /** The other end is there, and lets so much be out. */
  greet(messages = 4, bytes = 1_000): this {
    const { name } = this;
    this.port.say(['hello', 'peer', name, messages, bytes]);
    this.endTurn();
    this.port.look();
    return this;
  }

  listen(): this {
    this.wire.inbound$.subscribe({
      next: (inbound) => this.read.push(inbound),
      complete: () => this.read.push('end'),
    });
    return this;
  }

  send(...methods: string[]): boolean[] {
    return methods.map((method) => this.wire.send({ method }));
  }

  /** Ends the turn; what it has sent is posted. */
  endTurn(): void {
    this.turn.flush();
  }

  /** Ends the turn, and looks at what was posted. */
  turned(): unknown[][] {
    this.endTurn();
    return this.port.look();
  }
}

export const m = (method: string): { method: string } => ({ method });
