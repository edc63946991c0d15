/**
 * The reference server: threads, turns and agents in the words of `codex app-server`, whose protocol still moves.
 *
 * @module rx-sluice/app-server
 * @packageDocumentation
 * @experimental
 */
export { createAppServer } from './create-app-server.js';
export type { AppServerOptions, MemoryLimits } from './app-server-options.js';
export { appServerContract } from './app-server-contract.js';
export type { AppServerContract } from './app-server-contract.js';
export type { Agent, AgentEvent, ApprovalQuestion, ItemOutcome, StartedItem, TurnContext } from './agent.js';
export type { AuthSource } from './auth-source.js';
export type { CommandControl, CommandEvent, CommandRunner, CommandSpec } from './exec/command-runner.js';
export { applyThreadEntry } from './store/apply-thread-entry.js';
export { memoryThreadStore } from './store/memory-thread-store.js';
export { reduceThreadSummary } from './store/reduce-thread-summary.js';
export type { StoredThread } from './store/stored-thread.js';
export { ThreadCatalog } from './store/thread-catalog.js';
export type { ThreadEntry, TurnEnd } from './store/thread-entry.js';
export type { ThreadPage, ThreadQuery } from './store/thread-query.js';
export { ThreadStoreError, isThreadStoreError } from './store/thread-store-error.js';
export type { ThreadStoreFailure } from './store/thread-store-error.js';
export type { ThreadStore } from './store/thread-store.js';
export type { ThreadSummary } from './store/thread-summary.js';
export { isTurnTransition } from './turn-transition.js';
export { ApprovalDecision, CommandApprovalParams, CommandApprovalResult } from './schemas/approval.js';
export {
  CommandExecOutputDelta,
  CommandExecParams,
  CommandExecResizeParams,
  CommandExecResult,
  CommandExecTerminateParams,
  CommandExecWriteParams,
  TerminalSize,
} from './schemas/command-exec.js';
export {
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
export { ConfigReadParams, ConfigReadResult, Model, ModelListParams, ModelListResult } from './schemas/config.js';
export { ConfigRequirementsResult, InitializeParams, InitializeResult } from './schemas/session.js';
export {
  ApprovalPolicy,
  Thread,
  ThreadActiveFlag,
  ThreadReadParams,
  ThreadReadResult,
  ThreadResumeParams,
  ThreadResumeResult,
  ThreadStartParams,
  ThreadStartResult,
  ThreadStatus,
} from './schemas/thread.js';
export {
  ThreadArchiveResult,
  ThreadParams,
  ThreadSetNameParams,
  ThreadSetNameResult,
  ThreadUnarchiveResult,
  ThreadUnsubscribeResult,
  ThreadUnsubscribeStatus,
} from './schemas/thread-changes.js';
export {
  ThreadListParams,
  ThreadListResult,
  ThreadLoadedListParams,
  ThreadLoadedListResult,
} from './schemas/thread-list.js';
export {
  AgentMessageItem,
  CommandExecutionItem,
  CommandStatus,
  ThreadItem,
  UserInput,
  UserMessageItem,
} from './schemas/thread-item.js';
export {
  Turn,
  TurnError,
  TurnInterruptParams,
  TurnInterruptResult,
  TurnStartParams,
  TurnStartResult,
  TurnStatus,
  TurnSteerParams,
  TurnSteerResult,
} from './schemas/turn.js';
