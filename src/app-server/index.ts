export { createAppServer } from './create-app-server.js';
export type { AppServerOptions, MemoryLimits } from './app-server-options.js';
export { appServerContract } from './app-server-contract.js';
export type { AppServerContract } from './app-server-contract.js';
export type { Agent, AgentEvent, ApprovalQuestion, ItemOutcome, StartedItem, TurnContext } from './agent.js';
export type { StoredThread } from './store/stored-thread.js';
export type { ThreadEntry } from './store/thread-entry.js';
export type { ThreadPage, ThreadQuery } from './store/thread-query.js';
export type { ThreadStore } from './store/thread-store.js';
export type { ThreadSummary } from './store/thread-summary.js';
export { isSameThreadStatus, reduceThreadState, toThreadStatus, unknownThread } from './thread-status.js';
export type { ThreadHappening, ThreadState } from './thread-status.js';
export { ApprovalDecision, CommandApprovalParams, CommandApprovalResult } from './schemas/approval.js';
export {
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
export { ConfigRequirementsResult, InitializeParams, InitializeResult } from './schemas/session.js';
export {
  ApprovalPolicy,
  Thread,
  ThreadActiveFlag,
  ThreadReadParams,
  ThreadReadResult,
  ThreadStartParams,
  ThreadStartResult,
  ThreadStatus,
} from './schemas/thread.js';
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
} from './schemas/turn.js';
