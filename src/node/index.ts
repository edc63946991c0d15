/**
 * What needs Node: processes and files.
 *
 * @module rx-sluice/node
 * @packageDocumentation
 * @experimental
 */
export { commandAgent } from './command-agent.js';
export type { CommandAgentOptions } from './command-agent.js';
export { fileThreadStore } from './thread-log/file-thread-store.js';
export type { FileThreadStore, FileThreadStoreOptions } from './thread-log/file-thread-store.js';
export type { LogFile, LogFiles } from './thread-log/log-files.js';
export type { ThreadStoreDiagnostic } from './thread-log/thread-store-diagnostic.js';
export { killProcessTree } from './kill-process-tree.js';
export type { KillOptions } from './kill-process-tree.js';
export { processRunner } from './process-runner.js';
export type { ProcessRunnerOptions } from './process-runner.js';
export type { TerminalModule, TerminalProcess } from './terminal-module.js';
