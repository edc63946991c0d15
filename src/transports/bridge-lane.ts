import {
  type CloseInfo,
  type Contract,
  type Diagnostic,
  ErrorCode,
  type ErrorObject,
  type Inbound,
  type Limits,
  type Message,
  messageOf,
  type RequestId,
  type Wire,
} from '../protocol/index.js';
import { Outbound, type OutboundOwner, Trampoline } from '../scheduling/index.js';

/** What a lane tells its bridge. */
export interface BridgeLaneOwner {
  readonly contract: Contract;
  readonly limits: Limits;
  /** Whether the client understands that events are missing. */
  readonly session: { readonly lag: boolean };
  /** Something came, in its turn. */
  arrived(lane: BridgeLane, inbound: Inbound): void;
  /** Nothing more will come. */
  inputEnded(lane: BridgeLane, info: CloseInfo): void;
  /** A request cannot be passed on; whoever waits for its answer gets this one. */
  refused(lane: BridgeLane, id: RequestId, error: ErrorObject): void;
  /** The lane's receiver is too slow, and nobody can be held up. */
  overflowed(lane: BridgeLane): void;
  diagnose(lane: BridgeLane, diagnostic: Diagnostic): void;
}

/**
 * One direction of a bridge: what comes from one wire is handled one message at a time, and waits for the other wire.
 *
 * ```
 *  from.inbound$ ─▶ trampoline ─▶ arrived ─▶ outbound ─▶ to.send
 *  from.pause() ◀─────────────────────────── holdUp, until nothing waits
 * ```
 */
export class BridgeLane implements OutboundOwner {
  readonly outbound: Outbound;
  private isHeldUp = false;
  private ending: CloseInfo | undefined;
  private hasAllInput = false;
  private readonly trampoline = new Trampoline<Inbound>((inbound) => this.owner.arrived(this, inbound));

  constructor(
    private readonly from: Wire,
    private readonly to: Wire,
    private readonly owner: BridgeLaneOwner,
  ) {
    this.outbound = new Outbound(to, owner.contract, owner.limits, owner.session, this);
  }

  receive(inbound: Inbound): void {
    this.trampoline.push(inbound);
    this.tellEnd();
  }

  /** No more can arrive. */
  inputCompleted(): void {
    this.hasAllInput = true;
    this.tellEnd();
  }

  /** The wire that is read has ended. What it brought before comes first, and it may still hold some of it. */
  inputEnded(info: CloseInfo): void {
    this.ending = info;
    this.outbound.flush();
    this.letGo();
    this.tellEnd();
  }

  /** Too much waits that may not be given up: nothing more is read until all of it has been sent. */
  holdUp(budget: string): void {
    if (this.isHeldUp || this.ending !== undefined) return;
    if (this.from.pause === undefined) {
      this.overflowed(budget);
      return;
    }
    this.isHeldUp = true;
    this.from.pause();
  }

  /** Answers by itself. What the peers say is passed on as it is; this has the contract's header. */
  fail(id: RequestId | null, error: ErrorObject): void {
    const header = this.to.local === true ? undefined : this.owner.contract.header;
    this.outbound.answer({ ...header, id, error }, true);
  }

  overflowed(budget: string): void {
    this.diagnose({ type: 'budgetExceeded', budget });
    this.owner.overflowed(this);
  }

  drained(): void {
    this.letGo();
  }

  answersSent(): void {
    // What holds up is not answers alone; `drained` tells when all is sent.
  }

  unsendable(message: Message, error: unknown): void {
    this.diagnose({ type: 'unsendable', method: 'method' in message ? message.method : undefined, error });
    if (!('id' in message) || message.id === null) return;
    const problem = { code: ErrorCode.InternalError, message: `cannot be sent: ${messageOf(error)}` };
    if ('method' in message) this.owner.refused(this, message.id, problem);
    else if ('result' in message || message.error.data !== undefined) this.fail(message.id, problem);
  }

  diagnose(diagnostic: Diagnostic): void {
    this.owner.diagnose(this, diagnostic);
  }

  private letGo(): void {
    if (!this.isHeldUp) return;
    this.isHeldUp = false;
    this.from.resume?.();
  }

  private tellEnd(): void {
    const { ending, hasAllInput, trampoline } = this;
    if (ending !== undefined && hasAllInput && !trampoline.isRunning) this.owner.inputEnded(this, ending);
  }
}
