import * as z from 'zod';

import { defineContract, notification, request, serverRequest, type RequestId } from '../protocol/index.js';
import { execNotifications, execRequests } from './exec/exec-contract.js';
import { CommandApprovalParams, CommandApprovalResult } from './schemas/approval.js';
import { ConfigReadParams, ConfigReadResult, ModelListParams, ModelListResult } from './schemas/config.js';
import { ConfigRequirementsResult, InitializeParams, InitializeResult } from './schemas/session.js';
import {
  ConfigWarning,
  ErrorEvent,
  ItemCompleted,
  ItemDelta,
  ItemStarted,
  ServerRequestResolved,
  ThreadArchived,
  ThreadClosed,
  ThreadNameUpdated,
  ThreadStarted,
  ThreadStatusChanged,
  ThreadUnarchived,
  TurnCompleted,
  TurnStarted,
  WarningEvent,
} from './schemas/events.js';
import {
  ThreadReadParams,
  ThreadReadResult,
  ThreadResumeParams,
  ThreadResumeResult,
  ThreadStartParams,
  ThreadStartResult,
} from './schemas/thread.js';
import {
  ThreadArchiveResult,
  ThreadParams,
  ThreadSetNameParams,
  ThreadSetNameResult,
  ThreadUnarchiveResult,
  ThreadUnsubscribeResult,
} from './schemas/thread-changes.js';
import {
  ThreadListParams,
  ThreadListResult,
  ThreadLoadedListParams,
  ThreadLoadedListResult,
} from './schemas/thread-list.js';
import {
  TurnInterruptParams,
  TurnInterruptResult,
  TurnStartParams,
  TurnStartResult,
  TurnSteerParams,
  TurnSteerResult,
} from './schemas/turn.js';

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
    'config/read': request({ params: ConfigReadParams, result: ConfigReadResult }),
    'model/list': request({ params: ModelListParams, result: ModelListResult }),
    'thread/start': request({ params: ThreadStartParams, result: ThreadStartResult }),
    'thread/resume': request({
      params: ThreadResumeParams,
      result: ThreadResumeResult,
      scope: (params) => params.threadId,
      ordered: true,
    }),
    'thread/read': request({
      params: ThreadReadParams,
      result: ThreadReadResult,
      scope: (params) => params.threadId,
      access: 'shared',
    }),
    'thread/list': request({ params: ThreadListParams, result: ThreadListResult }),
    'thread/loaded/list': request({ params: ThreadLoadedListParams, result: ThreadLoadedListResult }),
    // Without a scope, so that a slow store holds up nothing else of the thread. It keeps the order itself.
    'thread/archive': request({ params: ThreadParams, result: ThreadArchiveResult }),
    'thread/unarchive': request({ params: ThreadParams, result: ThreadUnarchiveResult }),
    'thread/name/set': request({ params: ThreadSetNameParams, result: ThreadSetNameResult }),
    'thread/unsubscribe': request({
      params: ThreadParams,
      result: ThreadUnsubscribeResult,
      scope: (params) => params.threadId,
    }),
    'turn/start': request({ params: TurnStartParams, result: TurnStartResult, scope: (params) => params.threadId }),
    'turn/steer': request({ params: TurnSteerParams, result: TurnSteerResult, scope: (params) => params.threadId }),
    'turn/interrupt': request({
      params: TurnInterruptParams,
      result: TurnInterruptResult,
      scope: (params) => params.threadId,
      urgent: true,
    }),
    'configRequirements/read': request({ params: z.undefined().or(z.null()), result: ConfigRequirementsResult }),
    ...execRequests,
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
    'thread/closed': notification({ params: ThreadClosed, scope: (params) => params.threadId }),
    'thread/archived': notification({ params: ThreadArchived, scope: (params) => params.threadId }),
    'thread/unarchived': notification({ params: ThreadUnarchived, scope: (params) => params.threadId }),
    'thread/name/updated': notification({ params: ThreadNameUpdated, scope: (params) => params.threadId }),
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
    ...execNotifications,
  },
  handshake: {
    request: 'initialize',
    notification: 'initialized',
    capabilities: (params) => {
      const { experimentalApi, optOutNotificationMethods, lag } = (params as InitializeParams).capabilities ?? {};
      const told = { experimental: experimentalApi ?? false, optOut: optOutNotificationMethods ?? [] };
      return lag === undefined ? told : { ...told, lag };
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
