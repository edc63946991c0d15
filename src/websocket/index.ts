/**
 * WebSockets in Node, by the package `ws`: a server that checks who is there, and a client.
 *
 * @module rx-sluice/websocket
 * @packageDocumentation
 * @experimental
 */
export { listenWebSocket } from './listen-web-socket.js';
export type { ListenWebSocketOptions, WebSocketListener } from './listen-web-socket.js';
export { connectWebSocket } from './connect-web-socket.js';
export type { ConnectWebSocketOptions } from './connect-web-socket.js';
export type { AdmissionRules } from './admission.js';
export type { LiveWireOptions } from './live-wire-options.js';
