export { codexContract } from './codex-contract.js';
export type { CodexContract } from './codex-contract.js';
