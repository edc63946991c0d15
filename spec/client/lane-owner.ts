import { VirtualTimeScheduler } from 'rxjs';

import type { Command } from '../../src/client/client.js';
import { ClientRequest } from '../../src/client/client-request.js';
import { CommandLane } from '../../src/client/command-lane.js';
import type { CommandLaneOwner } from '../../src/client/command-lane-owner.js';
import { resolveLimits } from '../../src/protocol/index.js';
import type { Contract, Diagnostic, Limits, Message, RequestId } from '../../src/protocol/index.js';
import { Deadlines } from '../../src/scheduling/index.js';
import { plain } from '../rules/support.js';

interface AskOptions {
  readonly method?: string;
  readonly id?: RequestId;
  readonly timeout?: number;
  readonly seq?: boolean;
  readonly opening?: boolean;
}

/** Stands in for the client that owns a command lane, and keeps what goes out. */
export class LaneOwner implements CommandLaneOwner {
  readonly limits: Limits;
  readonly validation = { params: true, results: true, events: true };
  readonly time = new VirtualTimeScheduler();
  readonly deadlines = new Deadlines(this.time);
  readonly timeout = undefined;
  readonly cancelHold = 100;
  readonly wire: Message[] = [];
  readonly shown: Command[] = [];
  readonly diagnostics: Diagnostic[] = [];
  readonly lane: CommandLane;
  idles = 0;
  full = false;
  /** What the other side does as soon as it has a message. */
  reply: (message: Message) => void = () => undefined;

  constructor(
    limits: Partial<Limits> = {},
    readonly contract: Contract = plain,
  ) {
    this.limits = resolveLimits({ limits }, 'client', false);
    this.lane = new CommandLane(this);
  }

  put(message: Message): boolean {
    this.wire.push(message);
    this.reply(message);
    return !this.full;
  }

  sent(command: Command): void {
    this.shown.push(command);
  }

  diagnose(diagnostic: Diagnostic): void {
    this.diagnostics.push(diagnostic);
  }

  idle(): void {
    this.idles += 1;
  }

  /** Puts a request into the lane and follows it. */
  ask(params: string, { method = 'echo', id, timeout, seq = false, opening = false }: AskOptions = {}): Asked {
    const asked = new Asked(this.lane, params, method, seq);
    this.lane.submit(asked.request, id, timeout, opening);
    return asked;
  }

  answer(id: RequestId, result: unknown = {}): boolean {
    return this.lane.answer({ id, result }, 0);
  }

  /** What went out, by its params. A cancel shows the id it names. */
  get order(): unknown[] {
    return this.wire.map((message) => {
      const params = 'params' in message ? message.params : undefined;
      return typeof params === 'object' ? `cancel ${String((params as { id: RequestId }).id)}` : params;
    });
  }

  /** Moves virtual time on. */
  wait(milliseconds: number): void {
    const moment = this.time.now() + milliseconds;
    this.time.schedule(() => undefined, milliseconds);
    this.time.maxFrames = moment;
    this.time.flush();
  }

  /** Neither a request nor a deadline is left. */
  expectNothingLeft(): void {
    expect(this.lane.counts).toMatchObject({ inFlight: 0, waiting: 0 });
    expect(this.lane.awaited).toBe(0);
    expect(this.deadlines.size).toBe(0);
  }
}

/** A request and what its observer saw. */
export class Asked {
  readonly seen: unknown[] = [];
  error: unknown;
  readonly request: ClientRequest;
  onAnswer: () => void = () => undefined;

  constructor(lane: CommandLane, params: string, method: string, wantsSeq: boolean) {
    const observer = {
      next: (value: unknown) => this.seen.push(value),
      error: (error: unknown) => {
        this.seen.push('#');
        this.error = error;
        this.onAnswer();
      },
      complete: () => {
        this.seen.push('|');
        this.onAnswer();
      },
    };
    this.request = new ClientRequest(method, params, observer, lane, lane.specOf(method), wantsSeq);
  }
}
