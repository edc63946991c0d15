import type { Capabilities, ContractWords } from '../protocol/index.js';
import type { Session } from './connection.js';

const NONE: readonly string[] = [];

/**
 * A connection's handshake state.
 *
 * Capabilities and the open state are published in one step (`open`), so that no event is ever routed by half of what
 * a client announced.
 */
export class SessionState implements Session {
  state: Session['state'] = 'new';
  client: unknown = undefined;
  experimental = false;
  legacy: boolean;
  lag: boolean;
  optOut: readonly string[] = NONE;
  private silenced: ReadonlySet<string> = new Set();

  constructor(
    private readonly words: ContractWords,
    local: boolean,
  ) {
    this.legacy = local;
    this.lag = local;
  }

  /** Opens the session with what the handshake's params say. A throw from the contract leaves it as it was. */
  open(params: unknown): void {
    const told: Partial<Capabilities> = this.words.handshake?.capabilities?.(params) ?? {};
    const silenced = new Set(told.optOut);
    this.experimental = told.experimental ?? false;
    this.legacy = told.legacy ?? this.legacy;
    this.lag = told.lag ?? this.lag;
    this.optOut = told.optOut ?? NONE;
    this.silenced = silenced;
    this.client = params;
    this.state = 'open';
  }

  /** Whether a broadcast of this method is for this session. */
  admits(method: string, experimental: boolean): boolean {
    if (this.state !== 'open' || this.silenced.has(method)) return false;
    if (experimental && !this.experimental) return false;
    const { legacy } = this.words;
    return legacy === undefined || this.legacy || !method.startsWith(legacy.prefix);
  }
}
