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
export type { Connection, Sent, Session } from './connection.js';
export type { Audience } from './audience.js';
