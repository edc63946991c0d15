import type { Observable } from 'rxjs';

import type { Client, ClientOptions } from '../client/index.js';
import type { Contract } from '../protocol/index.js';
import type { CodexContract } from './codex-contract.js';
import type { CodexPlace } from './codex-place.js';
import type { CodexInitializeParams } from './schemas/session.js';

/** Where codex is, and how its client behaves. */
export interface ConnectCodexOptions<C extends Contract = CodexContract>
  extends CodexPlace, Omit<ClientOptions<C>, 'handshake' | 'scheduler'> {
  /** Default: the hand-written {@link codexContract}. */
  readonly contract?: C;
  /** Who you are; codex tells the provider of its model. Default: this package. */
  readonly clientInfo?: CodexInitializeParams['clientInfo'];
  /** What you can take. Default: nothing that may still change, and every event. */
  readonly capabilities?: CodexInitializeParams['capabilities'];
  /**
   * Milliseconds a request may take, time in our own queue included: codex does not answer each one it is sent. Default
   * 120,000.
   */
  readonly timeout?: number;
}

/** A client of codex. */
export interface CodexClient<C extends Contract = CodexContract> extends Client<C> {
  /**
   * What codex writes to stderr, in pieces that end where lines end; a late subscriber sees the last 256 of the program
   * that was started last. Completes with the client, at once for a codex that was not started here.
   */
  readonly stderr$: Observable<string>;
}
