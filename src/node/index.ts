/**
 * What needs Node: processes, files and pipes.
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
export { streamWire } from './wires/stream-wire.js';
export type { StreamWireOptions } from './wires/stream-wire.js';
export type { StreamOptions } from './wires/stream-channel.js';
export type { Framing } from './wires/framing.js';
export { stdioWire } from './wires/stdio-wire.js';
export type { StdioWireOptions } from './wires/stdio-wire.js';
export { spawnWire } from './wires/spawn-wire.js';
export type { ProcessExit, SpawnedWire, SpawnWireOptions } from './wires/spawn-wire.js';
