import * as z from 'zod';

import { defineContract, notification, request, type RequestId, serverRequest, type } from '../../src/index.js';

type InDocument = { textDocument: { uri: string }; position: { line: number; character: number } };
const Diagnostics = z.looseObject({ uri: z.string(), diagnostics: z.array(z.looseObject({ message: z.string() })) });
const Cancel = z.looseObject({ id: z.union([z.string(), z.number()]) });
const idOf = (params: unknown): RequestId | undefined => Cancel.safeParse(params).data?.id;

/** What this client speaks with a language server. */
export const languageServerContract = defineContract({
  requests: {
    initialize: request({ params: type<object>(), result: z.looseObject({ capabilities: z.looseObject({}) }) }),
    'textDocument/hover': request({ params: type<InDocument>(), result: type<{ contents: unknown } | null>() }),
    shutdown: request({}),
  },
  notifications: {
    initialized: notification({ params: type<object>() }),
    exit: notification({}),
    'textDocument/didOpen': notification({ params: type<{ textDocument: object }>() }),
    '$/cancelRequest': notification({ params: Cancel }),
  },
  serverRequests: {
    'window/workDoneProgress/create': serverRequest({ result: type<null>() }),
    'workspace/configuration': serverRequest({ params: type<{ items: unknown[] }>(), result: type<unknown[]>() }),
  },
  serverNotifications: {
    'textDocument/publishDiagnostics': notification({ params: Diagnostics }),
    '$/progress': notification({ params: type<{ token: string | number; value: object }>(), delivery: 'best-effort' }),
    '$/cancelRequest': notification({ params: Cancel }),
  },
  header: { jsonrpc: '2.0' },
  handshake: { request: 'initialize', notification: 'initialized' },
  cancel: { method: '$/cancelRequest', params: (id) => ({ id }), id: idOf },
  resolved: { method: '$/cancelRequest', params: ({ id }) => ({ id }), id: idOf },
  // ServerCancelled: the server gave up by itself and may be asked again.
  isOverloaded: ({ code }) => code === -32_802,
});
