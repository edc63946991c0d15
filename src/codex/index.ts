export { CodegenError } from './codegen/codegen-error.js';
export { writeCodexContract } from './codegen/write-codex-contract.js';
export type { WriteCodexContractOptions, WrittenContract } from './codegen/write-codex-contract.js';
export { codexWords } from './codex-words.js';
export { growingText } from './growing-text.js';
export { looseSchemas } from './loose-schemas.js';
export type { LooseSchema } from './loose-schemas.js';
export type { KnownString } from './schemas/known-string.js';
