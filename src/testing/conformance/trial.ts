import { firstValueFrom, type Observable } from 'rxjs';

import { type Client, type ClientOptions, connect } from '../../client/index.js';
import { type Capabilities, isRpcError, isTransportError, messageOf, type Wire } from '../../protocol/index.js';
import { faultyWire, type FaultyWire, type FaultyWireOptions } from '../faulty-wire.js';
import { conformanceContract, type ConformanceContract } from './conformance-contract.js';
import { ConformanceError } from './conformance-error.js';
import type { ConformanceAbility, ConformanceLink } from './conformance-harness.js';

/** A client of the suite. */
export type TrialClient = Client<ConformanceContract>;

/** How a trial's client is made. */
export interface TrialClientOptions extends Omit<ClientOptions<ConformanceContract>, 'handshake'> {
  readonly capabilities?: Partial<Capabilities>;
  /** Put on the wire. Default: none. */
  readonly faults?: FaultyWireOptions;
  /** Params of the handshake, beside the capabilities. */
  readonly hello?: { readonly refuse?: boolean };
}

/** One run of one case over one wire. */
export class Trial {
  private faulty: FaultyWire | undefined;
  private faults: FaultyWireOptions | undefined;

  constructor(
    private readonly rule: string,
    private readonly link: ConformanceLink,
    private readonly abilities: readonly ConformanceAbility[],
  ) {}

  /** The client's end, as the harness gave it. */
  get wire(): Wire {
    return this.link.wire;
  }

  can(ability: ConformanceAbility): boolean {
    return this.abilities.includes(ability);
  }

  /** Ends the far side without a word. */
  kill(): void {
    const { kill } = this.link;
    if (kill === undefined) this.broken('the harness says that it can kill, and its link cannot');
    kill();
  }

  /** Connects a client that understands gaps, unless said otherwise. */
  client({ capabilities, faults, hello, ...options }: TrialClientOptions = {}): TrialClient {
    this.faults = faults;
    this.faulty = faults === undefined ? undefined : faultyWire(this.wire, faults);
    const client = connect(this.faulty ?? this.wire, conformanceContract, {
      ...options,
      handshake: { ...hello, capabilities: { lag: true, ...capabilities } },
    });
    // What a case has not come to await when it fails must not end the process.
    const call = client.call.bind(client) as unknown as (...args: readonly unknown[]) => Promise<unknown>;
    const quiet = (...args: readonly unknown[]): Promise<unknown> => {
      const answer = call(...args);
      answer.catch(() => undefined);
      return answer;
    };
    return Object.assign(client, { call: quiet as unknown as TrialClient['call'] });
  }

  /** The same, once its session is open: what is urgent goes past what waits for that. */
  async ready(options?: TrialClientOptions): Promise<TrialClient> {
    const client = this.client(options);
    await first(client.ready$);
    return client;
  }

  /** Two values are the same, as JSON tells them. */
  same(what: string, actual: unknown, expected: unknown): void {
    const [is, should] = [JSON.stringify(actual), JSON.stringify(expected)];
    if (is !== should) this.broken(`${what}: expected ${shorten(should)}, but it is ${shorten(is)}`);
  }

  /** A fact. */
  holds(what: string, fact: boolean): void {
    if (!fact) this.broken(`not so: ${what}`);
  }

  /** An answer is an error with these members. */
  async fails(what: string, answer: Promise<unknown>, expected: Readonly<Record<string, unknown>>): Promise<void> {
    this.is(what, await errorOf(answer), expected);
  }

  /** A value is an object with these members, and perhaps others. */
  is(what: string, value: unknown, expected: Readonly<Record<string, unknown>>): void {
    if (typeof value !== 'object' || value === null) this.broken(`${what}: it is ${String(value)}`);
    const members = value as Readonly<Record<string, unknown>>;
    for (const [name, should] of Object.entries(expected)) this.same(`${what}, ${name}`, members[name], should);
  }

  /** The rule does not hold. */
  broken(message: string, cause?: unknown): never {
    throw new ConformanceError(this.rule, `${message}${this.replay()}`, { cause });
  }

  /** How the faults of this run can be had again. */
  private replay(): string {
    const { faults, faulty } = this;
    if (faults === undefined || faulty === undefined) return '';
    const { inbound, outbound } = faulty.played;
    const seed = faults.seed === undefined ? '' : `seed ${faults.seed}, `;
    return `\n  on a bad line: ${seed}inbound '${inbound}', outbound '${outbound}'`;
  }
}

/** The error an answer ends with. */
export async function errorOf(answer: Promise<unknown>): Promise<unknown> {
  try {
    await answer;
    return undefined;
  } catch (error) {
    return error;
  }
}

/** How an answer ended, in one word or code. */
export function kindOf(error: unknown): string {
  if (error === undefined) return 'result';
  if (isRpcError(error)) return String(error.code);
  return isTransportError(error) ? error.reason : messageOf(error);
}

/** The first value, for `await`, now or later: what a case does not come to when it fails must not end the process. */
export function first<T>(source: Observable<T>): Promise<T> {
  const value = firstValueFrom(source);
  value.catch(() => undefined);
  return value;
}

function shorten(text: string | undefined): string {
  if (text === undefined) return 'undefined';
  return text.length > 300 ? `${text.slice(0, 300)}… (${text.length} characters)` : text;
}
