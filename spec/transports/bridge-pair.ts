import { bridge, type Bridge, type BridgeDiagnostic, type BridgeOptions } from '../../src/transports/index.js';
import type { CloseInfo, Contract, Message } from '../../src/protocol/index.js';
import { type FakeWire, fakeWire, type FakeWireOptions } from '../../src/testing/index.js';
import { formal } from '../rules/support.js';

/** A bridge, and what the spec holds of it: the client and the server. */
export interface BridgePair {
  readonly bridge: Bridge;
  /** The client receives what is `sent` on its wire, and says what its wire is made to `receive`. */
  readonly client: FakeWire;
  readonly server: FakeWire;
  readonly diagnostics: readonly BridgeDiagnostic[];
  /** How it ended. */
  readonly ends: readonly CloseInfo[];
}

export interface BridgePairOptions extends BridgeOptions {
  readonly contract?: Contract;
  /** What the client's handshake says about lag; no handshake without. */
  readonly lag?: boolean;
  readonly client?: FakeWireOptions;
  readonly server?: FakeWireOptions;
}

export function bridgePair(options: BridgePairOptions = {}): BridgePair {
  const client = fakeWire(options.client);
  const server = fakeWire(options.server);
  const bridged = bridge(client, server, options.contract ?? formal, options);
  const diagnostics: BridgeDiagnostic[] = [];
  const ends: CloseInfo[] = [];
  bridged.diagnostics$.subscribe((diagnostic) => diagnostics.push(diagnostic));
  bridged.closed$.subscribe((info) => ends.push(info));
  if (options.lag !== undefined) {
    client.receive(hello(options.lag));
    server.receive(welcome);
  }
  return { bridge: bridged, client, server, diagnostics, ends };
}

export const hello = (lag: boolean): Message => ({
  id: 'hello',
  method: 'initialize',
  params: { capabilities: { lag } },
});
export const welcome: Message = { id: 'hello', result: { name: 'formal' } };
export const done = (n: number): Message => ({ method: 'done', params: { n } });
export const delta = (n: number): Message => ({ method: 'delta', params: { n } });
export const text = (item: string, given: string): Message => ({ method: 'text', params: { item, text: given } });
export const ask = (id: number): Message => ({ id, method: 'echo', params: id });
export const answer = (id: number): Message => ({ id, result: id });
export const question = (id: number): Message => ({ id, method: 'ask', params: 'well?' });
export const skipped = (count: number): Message => ({ method: '$/lagged', params: { skipped: count } });

/** What a wire is sent from now on. */
export function since({ sent }: FakeWire): () => readonly Message[] {
  const { length } = sent;
  return () => sent.slice(length);
}

/** Makes a wire full; its next message is still taken. */
export function block(wire: FakeWire, send: () => void): () => readonly Message[] {
  wire.fill();
  send();
  return since(wire);
}
