/**
 * What a bundler for pages takes for `rx-sluice/codex`: all of it that does not need Node. A page reaches codex through
 * `bridge`, since codex itself refuses pages.
 */
export { approvals } from './approvals.js';
export { codexContract } from './codex-contract.js';
export { CODEX_VERSION, codexVersion } from './codex-version.js';
export { codexWords } from './codex-words.js';
export { growingText } from './growing-text.js';
export { looseSchemas } from './loose-schemas.js';
export { turn } from './turn/turn.js';
export { isTurnFailedError, TurnFailedError } from './turn/turn-failed-error.js';
