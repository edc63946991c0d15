/**
 * Codex, from its program to the events of one turn: a client with a contract of its words, for Node. Its protocol still
 * moves, and so does this.
 *
 * @module rx-sluice/codex
 * @packageDocumentation
 * @experimental
 */
export { connectCodex } from './connect-codex.js';
export type { CodexClient, ConnectCodexOptions } from './codex-client.js';
export type { CodexPlace } from './codex-place.js';
export type { CodexProgram } from './codex-command.js';
export { codexWire } from './codex-wire.js';
export type { CodexWireOptions } from './codex-wire.js';
export { findCodexBinary } from './binary/find-codex-binary.js';
export type { FindCodexOptions } from './binary/find-codex-binary.js';
export { CodexNotFoundError, isCodexNotFoundError } from './binary/codex-not-found-error.js';
export type { CodexConfig } from './config/config-arguments.js';
export type { TomlValue } from './config/toml-value.js';
export { codexContract } from './codex-contract.js';
export type { CodexContract } from './codex-contract.js';
export { codexWords } from './codex-words.js';
export { growingText } from './growing-text.js';
export { CODEX_VERSION, codexVersion } from './codex-version.js';
export { looseSchemas } from './loose-schemas.js';
export type { LooseSchema } from './loose-schemas.js';
export { writeCodexContract } from './codegen/write-codex-contract.js';
export type { WriteCodexContractOptions, WrittenContract } from './codegen/write-codex-contract.js';
export { CodegenError } from './codegen/codegen-error.js';
export { turn } from './turn/turn.js';
export type { TurnContract, TurnFault, TurnOutline } from './turn/turn-contract.js';
export type { TurnEvent, TurnInput, TurnOptions, TurnParams } from './turn/turn-options.js';
export { isTurnFailedError, TurnFailedError } from './turn/turn-failed-error.js';
export { approvals } from './approvals.js';
export type { Approval, ApprovalContract, ApprovalMethod, ApprovalParams } from './approval.js';
export { politeModel } from './mock-model/model-script.js';
export type { ModelRequest, ModelScript, ModelStep } from './mock-model/model-script.js';
export { startMockModel } from './mock-model/start-mock-model.js';
export type { MockModel, MockModelOptions } from './mock-model/start-mock-model.js';
export type { KnownString } from './schemas/known-string.js';
export type {
  CodexApprovalResult,
  CodexCommandApproval,
  CodexDecision,
  CodexFileChangeApproval,
  CodexPermissionsRequest,
  CodexPermissionsResult,
  CodexUserInputRequest,
  CodexUserInputResult,
} from './schemas/approval.js';
export type {
  CodexDelta,
  CodexErrorEvent,
  CodexItemEvent,
  CodexItemNews,
  CodexNotice,
  CodexRequestResolved,
  CodexThreadEvent,
  CodexThreadNameUpdated,
  CodexThreadStarted,
  CodexThreadStatusChanged,
  CodexTokenUsageUpdated,
  CodexTurnDiffUpdated,
  CodexTurnEvent,
  CodexTurnPlanUpdated,
  CodexWarning,
  TextGrowth,
} from './schemas/events.js';
export type { CodexInitializeParams, CodexInitializeResult } from './schemas/session.js';
export type {
  CodexThread,
  CodexThreadListParams,
  CodexThreadListResult,
  CodexThreadReadParams,
  CodexThreadReadResult,
  CodexThreadResult,
  CodexThreadResumeParams,
  CodexThreadStartParams,
  CodexThreadStatus,
  CodexThreadUnsubscribeResult,
} from './schemas/thread.js';
export type {
  CodexAgentMessage,
  CodexCommandExecution,
  CodexFileChange,
  CodexInput,
  CodexItem,
  CodexMcpToolCall,
  CodexReasoning,
  CodexUserMessage,
} from './schemas/thread-item.js';
export type { CodexTurn, CodexTurnError, CodexTurnStartParams, CodexTurnStartResult } from './schemas/turn.js';
