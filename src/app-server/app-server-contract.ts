import * as z from 'zod';

import { defineContract, notification, request, serverRequest, type RequestId } from '../protocol/index.js';
import { CommandApprovalParams, CommandApprovalResult } from './schemas/approval.js';
import { ConfigRequirementsResult, InitializeParams, InitializeResult } from './schemas/session.js';
import {
  ConfigWarning,
  ErrorEvent,
  ItemCompleted,
  ItemDelta,
  ItemStarted,
  ServerRequestResolved,
  ThreadStarted,
  ThreadStatusChanged,
  TurnCompleted,
  TurnStarted,
  WarningEvent,
} from './schemas/events.js';
import { ThreadReadParams, ThreadReadResult, ThreadStartParams, ThreadStartResult } from './schemas/thread.js';
import { TurnInterruptParams, TurnInterruptResult, TurnStartParams, TurnStartResult } from './schemas/turn.js';

/** Text of one item that may wait as one event, in bytes; what comes beyond it waits as the next one. */
const MERGED_DELTA_BYTES = 65_536;

/**
 * Text that grows. Best-effort, since a busy command writes faster than anyone reads; neighbouring pieces of one item
 * become one before any is given up, and the item's end has the text again.
 */
const growingText = notification({
  params: ItemDelta,
  scope: (params) => params.threadId,
  delivery: 'best-effort',
  conflate: {
    key: (params) => params.itemId,
    merge: (waiting, incoming) => ({ ...waiting, delta: waiting.delta + incoming.delta }),
    maxBytes: MERGED_DELTA_BYTES,
  },
});

/**
 * What a coding agent's app server speaks: the method names and shapes of `codex app-server`, as far as this server
 * serves them.
 *
 * All objects are loose, so members of a newer version pass. Everything is lossless but the two streams of growing
 * text. The protocol has no word for "cancel this request".
 *
 * @see {@link createAppServer}, because it serves this contract with any agent.
 */
export const appServerContract = defineContract({
  requests: {
    initialize: request({ params: InitializeParams, result: InitializeResult }),
    'thread/start': request({ params: ThreadStartParams, result: ThreadStartResult }),
    'thread/read': request({
      params: ThreadReadParams,
      result: ThreadReadResult,
      scope: (params) => params.threadId,
      access: 'shared',
    }),
    'turn/start': request({ params: TurnStartParams, result: TurnStartResult, scope: (params) => params.threadId }),
    'turn/interrupt': request({
      params: TurnInterruptParams,
      result: TurnInterruptResult,
      scope: (params) => params.threadId,
      urgent: true,
    }),
    'configRequirements/read': request({ params: z.undefined().or(z.null()), result: ConfigRequirementsResult }),
  },
  notifications: {
    initialized: notification({ params: z.unknown().optional() }),
  },
  serverRequests: {
    'item/commandExecution/requestApproval': serverRequest({
      params: CommandApprovalParams,
      result: CommandApprovalResult,
      scope: (params) => params.threadId,
    }),
  },
  serverNotifications: {
    'thread/started': notification({ params: ThreadStarted, scope: (params) => params.thread.id }),
    'thread/status/changed': notification({ params: ThreadStatusChanged, scope: (params) => params.threadId }),
    'turn/started': notification({ params: TurnStarted, scope: (params) => params.threadId }),
    'turn/completed': notification({ params: TurnCompleted, scope: (params) => params.threadId }),
    'item/started': notification({ params: ItemStarted, scope: (params) => params.threadId }),
    'item/completed': notification({ params: ItemCompleted, scope: (params) => params.threadId }),
    'item/agentMessage/delta': growingText,
    'item/commandExecution/outputDelta': growingText,
    'serverRequest/resolved': notification({ params: ServerRequestResolved, scope: (params) => params.threadId }),
    configWarning: notification({ params: ConfigWarning }),
    error: notification({ params: ErrorEvent, scope: (params) => params.threadId }),
    warning: notification({ params: WarningEvent, scope: (params) => params.threadId ?? undefined }),
  },
  handshake: {
    request: 'initialize',
    notification: 'initialized',
    capabilities: (params) => {
      const { experimentalApi, optOutNotificationMethods } = (params as InitializeParams).capabilities ?? {};
      return { experimental: experimentalApi ?? false, optOut: optOutNotificationMethods ?? [] };
    },
  },
  resolved: {
    method: 'serverRequest/resolved',
    params: ({ id, params }) => ({ threadId: (params as CommandApprovalParams).threadId, requestId: id }),
    id: (params) => (params as { readonly requestId?: RequestId }).requestId,
  },
  legacy: {
    prefix: 'codex/event/',
    lossless: ['codex/event/task_complete', 'codex/event/turn_aborted', 'codex/event/shutdown_complete'],
  },
});

/** The type of {@link appServerContract}. */
export type AppServerContract = typeof appServerContract;
