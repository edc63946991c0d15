/**
 * Wires that need no platform: over a WebSocket, over anything with `postMessage`, from one wire to another, and one after
 * another.
 *
 * @module rx-sluice/transports
 * @packageDocumentation
 * @experimental
 */
export { webSocketWire } from './web-socket-wire.js';
export type { WebSocketWireOptions } from './web-socket-wire.js';
export type { WebSocketLike } from './web-socket-like.js';
export { BEARER_PREFIX, bearerProtocols, SUBPROTOCOL } from './bearer-protocols.js';
export { bridge } from './bridge.js';
export type { Bridge, BridgeDiagnostic, BridgeOptions, BridgeStats } from './bridge.js';
export { postMessageWire } from './post-message-wire.js';
export type { PostMessagePort, PostMessageWireOptions } from './post-message-port.js';
export { messagePortWire } from './message-port-wire.js';
export type { EmitterPort, EventPort, MessagePortLike } from './message-port-like.js';
export { reconnecting } from './reconnecting.js';
export type { ReconnectingOptions } from './reconnecting.js';
