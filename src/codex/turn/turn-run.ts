import { asyncScheduler, type Subscriber, Subscription } from 'rxjs';

import { isLagged, LagBuffer, LagError } from '../../backpressure/index.js';
import type { Client, ClientEvent, ClientState } from '../../client/index.js';
import { deliveryOf, TransportError } from '../../protocol/index.js';
import { interruptTurn } from './interrupt-turn.js';
import { TurnCheck, type TurnCheckOwner, type TurnVerdict } from './turn-check.js';
import type { TurnContract, TurnOutline } from './turn-contract.js';
import { TurnFailedError } from './turn-failed-error.js';
import { turnIdOf } from './turn-id-of.js';
import type { TurnEvent, TurnOptions } from './turn-options.js';

type Event = TurnEvent<TurnContract>;

/** Milliseconds between the word that a thread is idle and the question where the turn's end is. */
const GRACE = 2_000;

/** One turn, from its request to its end, for one subscriber. */
export class TurnRun implements TurnCheckOwner {
  private readonly work = new Subscription();
  /** What came before the turn's id was known: `turn/started` may be among it. */
  private readonly held: LagBuffer<ClientEvent<TurnContract>>;
  private turnId: string | undefined;
  private check: TurnCheck | undefined;
  private isOver = false;
  private isGivenUp = false;
  private wasLost = false;
  private isConnected = false;
  private request = Subscription.EMPTY;

  constructor(
    private readonly client: Client<TurnContract>,
    private readonly threadId: string,
    private readonly options: TurnOptions<TurnContract>,
    private readonly subscriber: Subscriber<Event>,
  ) {
    this.held = new LagBuffer({ ...deliveryOf(client.contract), capacity: options.capacity ?? 1_024 });
  }

  start(input: unknown): void {
    const { client, threadId, options, work } = this;
    // Before the request, since the turn may begin before its answer.
    work.add(
      client.scoped(threadId).subscribe({
        next: (event) => this.receive(event),
        error: (error: unknown) => this.fail(error),
        complete: () => this.disconnected(),
      }),
    );
    work.add(client.state$.subscribe(({ type }) => this.connected(type)));
    if (this.isOver) return;
    const params = { ...options.params, threadId, input };
    this.request = client
      .request('turn/start', params, options.timeout === undefined ? {} : { timeout: options.timeout })
      .subscribe({
        next: ({ turn }) => this.started(turn),
        error: (error: unknown) => this.fail(error),
      });
  }

  /** Nobody listens any more. */
  stop(): void {
    this.work.unsubscribe();
    this.check?.cancel();
    const { isOver, options, request, turnId } = this;
    if (isOver || options.onUnsubscribe !== 'interrupt') request.unsubscribe();
    else if (turnId !== undefined) this.interrupt(turnId);
    // Whoever is to be interrupted must be known by its id first; what still waits for a session was never sent.
    else if (this.isConnected) this.isGivenUp = true;
    else request.unsubscribe();
  }

  ended({ turn, seq }: TurnVerdict): void {
    const { threadId } = this;
    this.isOver = true;
    // Read as the event that never came, so that no reader needs to know of this.
    this.emit({ type: 'notification', method: 'turn/completed', params: { threadId, turn }, seq, inferred: true });
    this.finish(turn);
  }

  fail(error: unknown): void {
    this.isOver = true;
    this.subscriber.error(error);
  }

  private started(turn: TurnOutline): void {
    this.turnId = turn.id;
    if (this.isGivenUp) {
      this.interrupt(turn.id);
      return;
    }
    const { scheduler = asyncScheduler, grace = GRACE } = this.options;
    this.check = new TurnCheck(this.client, this.threadId, turn.id, grace, scheduler, this);
    if (turn.status !== 'inProgress') this.check.arm();
    for (let event = this.held.take(); event !== undefined && !this.subscriber.closed; event = this.held.take()) {
      this.pass(event);
    }
  }

  private receive(event: Event): void {
    if (this.turnId !== undefined) this.pass(event);
    else if (this.held.offer(event) === 'full') this.fail(new LagError(1, this.held.losslessCapacity, 'lossless'));
  }

  private pass(event: Event): void {
    if (isLagged(event)) {
      this.emit(event);
      return;
    }
    const of = turnIdOf(event.params);
    if (of !== undefined && of !== this.turnId) return;
    const isNews = event.type === 'notification';
    const end = isNews && event.method === 'turn/completed' ? event.params.turn : undefined;
    // First, since a reader that leaves when it sees the end interrupts nothing.
    if (end !== undefined) this.isOver = true;
    this.emit(event);
    if (end !== undefined) this.finish(end);
    else if (isNews && event.method === 'thread/status/changed') this.watch(event.params.status.type);
  }

  /** A connection that was made anew may have missed the end, and need not tell anything of this thread again. */
  private connected(state: ClientState['type']): void {
    this.isConnected = state === 'ready';
    if (state === 'reconnecting') this.wasLost = true;
    else if (state === 'ready' && this.wasLost) this.check?.arm();
  }

  /** An idle thread has no turn that runs, whether or not its end was told. */
  private watch(status: string): void {
    if (status === 'active') this.check?.cancel();
    else this.check?.arm();
  }

  private emit(event: Event): void {
    this.subscriber.next(event);
  }

  private finish(turn: TurnOutline): void {
    if (turn.status === 'failed') this.subscriber.error(new TurnFailedError(this.threadId, turn));
    else this.subscriber.complete();
  }

  /** The events have ended in order; the turn has not. */
  private disconnected(): void {
    this.work.add(
      this.client.closed$.subscribe(({ reason }) => {
        this.fail(new TransportError('closed', reason, 'turn/start'));
      }),
    );
  }

  private interrupt(turnId: string): void {
    interruptTurn(this.client, this.threadId, turnId).subscribe();
  }
}
