import type { ContractWords, RequestId } from '../protocol/index.js';
import { codexVersion } from './codex-version.js';
import type { CodexInitializeParams, CodexInitializeResult } from './schemas/session.js';

/**
 * How codex opens a session, tells its version and says that a question is settled. It has no word for "cancel this
 * request", no `jsonrpc` member, and answers -32001 when it is overloaded, as every contract understands.
 *
 * @see {@link codexContract}, because it has them; a generated contract has them too.
 */
export const codexWords = {
  handshake: {
    request: 'initialize',
    notification: 'initialized',
    /** What a client may be told, read from the params of `initialize`. */
    capabilities: (params) => {
      const { experimentalApi, optOutNotificationMethods, lag } = (params as CodexInitializeParams).capabilities ?? {};
      const told = { experimental: experimentalApi ?? false, optOut: optOutNotificationMethods ?? [] };
      // The real codex has no such word; our own server in its place has.
      return typeof lag === 'boolean' ? { ...told, lag } : told;
    },
    /** The version of codex, read from its user agent. */
    version: (result) => codexVersion((result as CodexInitializeResult).userAgent),
  },
  resolved: {
    method: 'serverRequest/resolved',
    /** Of the notification that a question is settled. */
    params: ({ id, params }) => ({
      threadId: (params as { readonly threadId?: string }).threadId ?? '',
      requestId: id,
    }),
    /** Of the question it speaks of. */
    id: (params) => (params as { readonly requestId?: RequestId }).requestId,
  },
  legacy: {
    prefix: 'codex/event/',
    lossless: ['codex/event/task_complete', 'codex/event/turn_aborted', 'codex/event/shutdown_complete'],
  },
} as const satisfies ContractWords;
