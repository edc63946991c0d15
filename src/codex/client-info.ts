import type { CodexInitializeParams } from './schemas/session.js';

/** How this package introduces itself when nobody else does; a spec compares the version with package.json. */
export const CLIENT_INFO: CodexInitializeParams['clientInfo'] = { name: 'rx-sluice', version: '0.1.0' };
