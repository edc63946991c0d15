export { commandAgent } from './command-agent.js';
export type { CommandAgentOptions } from './command-agent.js';
export { killProcessTree } from './kill-process-tree.js';
export type { KillOptions } from './kill-process-tree.js';
