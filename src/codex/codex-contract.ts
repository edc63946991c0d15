import * as z from 'zod';

import { defineContract, notification, type NotificationSpec, request, serverRequest } from '../protocol/index.js';
import { CODEX_VERSION } from './codex-version.js';
import { codexWords } from './codex-words.js';
import { growingText } from './growing-text.js';
import * as approval from './schemas/approval.js';
import * as events from './schemas/events.js';
import * as session from './schemas/session.js';
import * as threads from './schemas/thread.js';
import * as turns from './schemas/turn.js';

const Thread = z.looseObject({ threadId: z.string() });
const Page = z.looseObject({ cursor: z.string().nullish(), limit: z.int().min(0).nullish() });
const Anything = z.looseObject({});

/** An event of one thread that may not be lost. */
function ofThread<P extends { readonly threadId: string }>(params: z.ZodType<P, P>): NotificationSpec<P, 'lossless'> {
  return notification<P>({ params, scope: ({ threadId }) => threadId });
}

/**
 * What this package uses of `codex app-server`, written by hand and tolerant: unknown members, kinds and values pass, and
 * what is growing text is checked by nothing.
 *
 * Growing text is best-effort, everything else is lossless. An event that is not listed arrives as `unknown`, lossless
 * too; a request that is not listed cannot be made through it.
 *
 * **Use it when** turns, items and approvals are enough. **Rather use** `rx-sluice codegen` for a typed contract of all
 * that your version of codex has; it works with {@link connectCodex} and {@link turn} alike.
 *
 * @see {@link CODEX_VERSION}, because it was written for that one.
 */
export const codexContract = defineContract({
  ...codexWords,
  version: CODEX_VERSION,
  requests: {
    initialize: request({ params: session.CodexInitializeParams, result: session.CodexInitializeResult }),
    'thread/start': request({ params: threads.CodexThreadStartParams, result: threads.CodexThreadResult }),
    'thread/resume': request({ params: threads.CodexThreadResumeParams, result: threads.CodexThreadResult }),
    'thread/read': request({ params: threads.CodexThreadReadParams, result: threads.CodexThreadReadResult }),
    'thread/list': request({ params: threads.CodexThreadListParams, result: threads.CodexThreadListResult }),
    'thread/loaded/list': request({
      params: Page,
      result: z.looseObject({ data: z.array(z.string()), nextCursor: z.string().nullish() }),
    }),
    'thread/archive': request({ params: Thread, result: Anything }),
    'thread/unarchive': request({ params: Thread, result: z.looseObject({ thread: threads.CodexThread }) }),
    'thread/name/set': request({ params: Thread.extend({ name: z.string() }), result: Anything }),
    'thread/unsubscribe': request({ params: Thread, result: threads.CodexThreadUnsubscribeResult }),
    'turn/start': request({ params: turns.CodexTurnStartParams, result: turns.CodexTurnStartResult }),
    'turn/steer': request({
      params: Thread.extend({ expectedTurnId: z.string(), input: turns.CodexTurnStartParams.shape.input }),
      result: z.looseObject({ turnId: z.string() }),
    }),
    'turn/interrupt': request({ params: Thread.extend({ turnId: z.string() }), result: Anything, urgent: true }),
    'config/read': request({ params: Anything, result: z.looseObject({ config: Anything }) }),
    'model/list': request({ params: Page, result: z.looseObject({ data: z.array(Anything) }) }),
  },
  notifications: {
    initialized: notification({ params: z.unknown().optional() }),
  },
  serverRequests: {
    'item/commandExecution/requestApproval': serverRequest({
      params: approval.CodexCommandApproval,
      result: approval.CodexApprovalResult,
      scope: ({ threadId }) => threadId,
    }),
    'item/fileChange/requestApproval': serverRequest({
      params: approval.CodexFileChangeApproval,
      result: approval.CodexApprovalResult,
      scope: ({ threadId }) => threadId,
    }),
    'item/permissions/requestApproval': serverRequest({
      params: approval.CodexPermissionsRequest,
      result: approval.CodexPermissionsResult,
      scope: ({ threadId }) => threadId,
    }),
    'item/tool/requestUserInput': serverRequest({
      params: approval.CodexUserInputRequest,
      result: approval.CodexUserInputResult,
      scope: ({ threadId }) => threadId,
    }),
  },
  serverNotifications: {
    'thread/started': notification({ params: events.CodexThreadStarted, scope: ({ thread }) => thread.id }),
    'thread/status/changed': ofThread(events.CodexThreadStatusChanged),
    'thread/closed': ofThread(events.CodexThreadEvent),
    'thread/archived': ofThread(events.CodexThreadEvent),
    'thread/unarchived': ofThread(events.CodexThreadEvent),
    'thread/name/updated': ofThread(events.CodexThreadNameUpdated),
    'thread/tokenUsage/updated': ofThread(events.CodexTokenUsageUpdated),
    'turn/started': ofThread(events.CodexTurnEvent),
    'turn/completed': ofThread(events.CodexTurnEvent),
    'turn/diff/updated': ofThread(events.CodexTurnDiffUpdated),
    'turn/plan/updated': ofThread(events.CodexTurnPlanUpdated),
    'item/started': ofThread(events.CodexItemEvent),
    'item/completed': ofThread(events.CodexItemEvent),
    'item/agentMessage/delta': growingText(),
    'item/plan/delta': growingText(),
    'item/commandExecution/outputDelta': growingText(),
    'item/commandExecution/terminalInteraction': ofThread(events.CodexItemNews),
    'item/fileChange/outputDelta': growingText(),
    'item/fileChange/patchUpdated': ofThread(events.CodexItemNews),
    'item/mcpToolCall/progress': ofThread(events.CodexItemNews),
    'item/reasoning/summaryPartAdded': ofThread(events.CodexItemNews),
    'item/reasoning/summaryTextDelta': growingText(),
    'item/reasoning/textDelta': growingText(),
    'serverRequest/resolved': ofThread(events.CodexRequestResolved),
    error: ofThread(events.CodexErrorEvent),
    warning: notification({ params: events.CodexWarning, scope: ({ threadId }) => threadId ?? undefined }),
    configWarning: notification({ params: events.CodexNotice }),
    deprecationNotice: notification({ params: events.CodexNotice }),
  },
});

/** The type of {@link codexContract}. */
export type CodexContract = typeof codexContract;
