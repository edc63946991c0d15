import * as z from 'zod';

import { defineContract, notification, request, type RequestId, serverRequest, type } from '../../src/index.js';

const CallResult = z.looseObject({
  content: z.array(z.looseObject({ type: z.string() })),
  isError: z.boolean().optional(),
});
const Progress = z.looseObject({ progressToken: z.union([z.string(), z.number()]), progress: z.number() });
const Cancelled = z.looseObject({ requestId: z.union([z.string(), z.number()]) });
const idOf = (params: unknown): RequestId | undefined => Cancelled.safeParse(params).data?.requestId;

/** What this client speaks with a server of the Model Context Protocol. */
export const mcpContract = defineContract({
  requests: {
    initialize: request({ params: type<object>(), result: z.looseObject({ protocolVersion: z.string() }) }),
    'tools/list': request({ result: z.looseObject({ tools: z.array(z.looseObject({ name: z.string() })) }) }),
    'tools/call': request({
      params: type<{ name: string; arguments?: object; _meta?: { progressToken: string | number } }>(),
      result: CallResult,
    }),
  },
  notifications: {
    'notifications/initialized': notification({}),
    'notifications/cancelled': notification({ params: Cancelled }),
  },
  serverRequests: {
    'sampling/createMessage': serverRequest({ params: type<{ maxTokens: number }>(), result: type<object>() }),
    'roots/list': serverRequest({ result: type<{ roots: readonly { uri: string }[] }>() }),
  },
  serverNotifications: {
    'notifications/progress': notification({ params: Progress, delivery: 'best-effort' }),
    'notifications/cancelled': notification({ params: Cancelled }),
  },
  header: { jsonrpc: '2.0' },
  handshake: { request: 'initialize', notification: 'notifications/initialized' },
  cancel: { method: 'notifications/cancelled', params: (requestId) => ({ requestId }), id: idOf },
  resolved: { method: 'notifications/cancelled', params: ({ id }) => ({ requestId: id }), id: idOf },
});
