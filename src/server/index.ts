/**
 * The other end of a wire: a server for a contract of your own.
 *
 * @module rx-sluice/server
 * @packageDocumentation
 */
export { createServer } from './create-server.js';
export type {
  HandlerContext,
  HandlerResult,
  Handlers,
  OpenRequest,
  Server,
  ServerOptions,
  ServerRequestOptions,
  ServerStats,
  Target,
} from './server.js';
export type { Sent } from '../protocol/index.js';
export type { Connection, Session } from './connection.js';
export type { Audience } from './audience.js';
