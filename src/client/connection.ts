import { Subscription } from 'rxjs';

import {
  type CloseInfo,
  type Contract,
  type Diagnostic,
  isRpcError,
  isTransportError,
  messageOf,
  type Wire,
} from '../protocol/index.js';
import type { ClientOptions } from './client.js';
import { closedError } from './closed-error.js';
import { compareVersions } from './compare-versions.js';
import { Connector, type ConnectorHost, type ConnectorOwner } from './connector.js';
import type { InboundRouterOwner } from './inbound-router.js';
import type { Inbox } from './inbox.js';
import type { Lifecycle } from './lifecycle.js';
import { openSession } from './open-session.js';
import { isWireSource, type WireSource } from './wire-source.js';

/** What a connection needs of its client. */
export interface ConnectionOwner<C extends Contract> extends ConnectorHost {
  readonly contract: C;
  readonly options: ClientOptions<C>;
  readonly inbox: Inbox;
  readonly life: Lifecycle;
  /** The client is being shut down: nothing begins any more. */
  readonly isStopping: boolean;
  diagnose(diagnostic: Diagnostic): void;
  /** All is over, and what was received has been delivered. */
  conclude(info: CloseInfo): void;
}

/**
 * The life of a client's connection: opened, perhaps lost and opened again, ended once.
 *
 * What the wire brought before it was lost is delivered first; then whoever waits for an answer of it is told, and the
 * next attempt begins.
 *
 * ```
 *  connecting ─▶ ready ─▶ closed             shutdown, a refused handshake, the end of the only wire
 *          │     ▲   │
 *          ▼     │   ▼
 *       reconnecting(n) ─▶ closed            no attempts are left
 * ```
 */
export class Connection<C extends Contract> implements ConnectorOwner, InboundRouterOwner {
  /** The wire there is, or the one that was lost last; nothing before the first of a source. */
  wire: Wire | undefined;
  /** Sessions that were opened. */
  sessions = 0;
  private isOpen = false;
  /** The session that is being opened, and `rejoin` with it. */
  private opening = Subscription.EMPTY;
  private ending: CloseInfo | undefined;
  /** What is to be done once nothing is being delivered: the wire was lost, or all is over. */
  private next: (() => void) | undefined;
  /** Number of the last thing received before the present wire. */
  private before = 0;
  private readonly connector: Connector;

  constructor(
    from: Wire | WireSource,
    private readonly owner: ConnectionOwner<C>,
  ) {
    this.connector = new Connector(from, owner, this);
    // It may be closed before it is read.
    if (!isWireSource(from)) this.wire = from;
  }

  /** Starts to read, and opens the session. */
  start(): void {
    this.connector.start();
  }

  /** Ends it for good and tells the other side why. */
  finish(info: CloseInfo): void {
    this.end(info);
    this.wire?.close(info);
  }

  diagnose(diagnostic: Diagnostic): void {
    this.owner.diagnose(diagnostic);
  }

  arrived(wire: Wire): void {
    this.wire = wire;
    this.before = this.owner.reader.seq;
    this.owner.inbox.reopen();
  }

  connected(): void {
    const { connector, owner } = this;
    const { commands, contract, options } = owner;
    const { link } = connector;
    /** What ends together with its wire is the loss's affair. */
    const guarded = (react: (value: unknown) => void) => (value: unknown) => {
      if (this.ending !== undefined || !link.closed) react(value);
    };
    const opening = new Subscription();
    this.opening = opening;
    const opened$ = openSession(commands, {
      contract,
      params: options.handshake,
      timeout: connector.source?.timeout ?? options.timeout,
      rejoin: this.sessions > 0 ? options.rejoin : undefined,
      failed: guarded((error) => {
        if (!owner.isStopping) this.diagnose({ type: 'callbackFailed', method: 'rejoin', error });
      }),
    });
    opening.add(
      opened$.subscribe({
        next: guarded((result) => {
          this.opened(result);
        }),
        error: guarded((error) => {
          this.refused(error);
        }),
      }),
    );
  }

  lost(info: CloseInfo): void {
    if (this.ending !== undefined) return;
    const { connector, owner } = this;
    // Without a handshake a session is open before anybody knows whether there is a peer.
    if (this.isOpen && owner.reader.seq > this.before) connector.attempt = 0;
    const verdict = owner.isStopping ? info : connector.verdict(info);
    if (verdict !== undefined) {
      this.end(verdict);
      return;
    }
    this.isOpen = false;
    owner.commands.shut();
    owner.inbox.close();
    this.afterDelivery(() => {
      this.goOn(info);
    });
  }

  /** Ends it for good, once what was received has been delivered. */
  end(info: CloseInfo): void {
    if (this.ending !== undefined) return;
    this.ending = info;
    const { owner } = this;
    this.connector.stop();
    owner.reader.stop();
    owner.inbox.close();
    owner.commands.stop(closedError(info));
    this.afterDelivery(() => {
      owner.conclude(info);
      this.opening.unsubscribe();
    });
  }

  settled(): void {
    const { next } = this;
    if (next === undefined) return;
    this.next = undefined;
    next();
  }

  private opened(result: unknown): void {
    if (this.ending !== undefined) return;
    const { commands, contract, life, reader } = this.owner;
    this.sessions += 1;
    this.isOpen = true;
    commands.open();
    reader.tellGap();
    life.open(result);
    const mismatch = compareVersions(contract, result);
    if (mismatch !== undefined) this.diagnose(mismatch);
  }

  private refused(error: unknown): void {
    const { owner, ending } = this;
    const info: CloseInfo = { reason: `handshake failed: ${messageOf(error)}`, orderly: false, error };
    const isOver = ending !== undefined || owner.isStopping;
    if (!isOver && this.connector.source !== undefined && isTransportError(error) && error.reason === 'timeout') {
      this.drop(info);
      return;
    }
    owner.life.refuse(error);
    if (isOver) return;
    if (isRpcError(error)) owner.commands.end(error);
    this.finish(info);
  }

  /** Gives up a wire that does not end by itself. */
  private drop(info: CloseInfo): void {
    const { wire } = this;
    this.connector.link.unsubscribe();
    this.lost(info);
    wire?.close(info);
  }

  /** The wire is lost and another is tried. */
  private goOn(info: CloseInfo): void {
    const { connector, owner } = this;
    if (this.sessions > 0 || owner.reader.seq > 0) owner.reader.interrupt();
    const attempt = (connector.attempt += 1);
    owner.commands.lose(closedError(info));
    // Its requests have ended by now; what else `rejoin` began ends too.
    this.opening.unsubscribe();
    owner.inbox.lose();
    const { reason, error } = info;
    this.diagnose({ type: 'connectionLost', reason, attempt, ...(error !== undefined && { error }) });
    owner.life.retry(attempt);
    // Any of these may have had a listener that ended everything.
    if (this.ending === undefined) connector.retry(info);
  }

  private afterDelivery(next: () => void): void {
    this.next = next;
    if (!this.owner.reader.isDelivering) this.settled();
  }
}
