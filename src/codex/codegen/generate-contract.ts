import { messageOf } from '../../protocol/index.js';
import { codexWords } from '../codex-words.js';
import { CodegenError } from './codegen-error.js';
import { printContract } from './print-contract.js';
import { printSchemas } from './print-schemas.js';
import { quote } from './print-type.js';
import { printTypes } from './print-types.js';
import type { Protocol, ProtocolMethod } from './protocol.js';
import { readProtocol } from './read-protocol.js';

/** How each file begins that was made here: what begins otherwise is somebody else's. */
export const GENERATED = '// Made by `rx-sluice codegen`';

/** What to make a contract of. */
export interface CodexSchemas {
  /** The version of the codex that wrote them. */
  readonly version: string;
  /** The text of the bundle it wrote. */
  readonly bundle: string;
  /** Whether methods and events that may still change are in it. */
  readonly experimental: boolean;
}

/** A typed contract, as files of TypeScript that belong together. */
export interface GeneratedContract {
  /** What is to be written, by file name. The same schemas give the same text. */
  readonly files: ReadonlyMap<string, string>;
  /** Requests whose result codex does not describe in a way that can be found: it is `unknown`, and unchecked. */
  readonly rawResults: readonly string[];
  /** How many methods there are, in both directions. */
  readonly methods: number;
}

/**
 * Makes a typed contract of the schemas one version of codex writes.
 *
 * `contract.ts` says which method has which params and result and how its events are delivered, `types.ts` what these
 * look like, `schemas.ts` what is checked of them, each when it is first needed.
 *
 * @throws CodegenError if the bundle is not what codex writes.
 */
export function generateContract({ version, bundle, experimental }: CodexSchemas): GeneratedContract {
  const protocol = read(bundle, version);
  checkWords(protocol, version);
  const { definitions, requests, notifications, serverRequests, serverNotifications } = protocol;
  const { text, checked, rawResults } = printContract(protocol);
  const what = `codex ${version}${experimental ? ', what may still change included' : ''}`;
  const header = `${GENERATED} of ${what}.\n// Make it anew instead of changing it.\n/* eslint-disable */\n`;
  const types = printTypes(definitions);
  const files = new Map([
    ['contract.ts', header + contractFile(version, text)],
    ['schemas.ts', header + schemasFile(printSchemas(definitions, checked))],
    ['types.ts', header + (types.includes('KnownString<') ? KNOWN_STRING : '') + types],
  ]);
  const methods = [requests, notifications, serverRequests, serverNotifications].flat().length;
  return { files, rawResults, methods };
}

function read(bundle: string, version: string): Protocol {
  try {
    return readProtocol(bundle);
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
    throw new CodegenError(`the schemas of codex ${version} cannot be read: ${messageOf(error)}`, { cause: error });
  }
}

/** A contract whose words are not among its methods is none. */
function checkWords({ requests, notifications, serverNotifications }: Protocol, version: string): void {
  const { handshake, resolved } = codexWords;
  const missing = [
    ...(has(requests, handshake.request) ? [] : [handshake.request]),
    ...(has(notifications, handshake.notification) ? [] : [handshake.notification]),
    ...(has(serverNotifications, resolved.method) ? [] : [resolved.method]),
  ];
  if (missing.length === 0) return;
  throw new CodegenError(`codex ${version} does not speak as expected: its schemas have no ${missing.join(', no ')}`);
}

function has(methods: readonly ProtocolMethod[], name: string): boolean {
  return methods.some((method) => method.name === name);
}

const KNOWN_STRING = `import type { KnownString } from 'rx-sluice/codex';\n\n`;

function contractFile(version: string, entries: string): string {
  const rxSluice = ['defineContract', 'notification', 'request', 'serverRequest'].filter(
    (name) => name === 'defineContract' || new RegExp(`: ${name}\\(`).test(entries),
  );
  const codex = ['codexWords', 'growingText', 'looseSchemas'].filter(
    (name) => name !== 'growingText' || entries.includes('growingText<'),
  );
  return `import { ${rxSluice.join(', ')} } from 'rx-sluice';
import { ${codex.join(', ')} } from 'rx-sluice/codex';

import { definitions } from './schemas.js';
import type * as t from './types.js';

/** The version of codex this contract is of. */
export const CODEX_VERSION = ${quote(version)};

const schema = looseSchemas(definitions);

/**
 * What codex ${version} speaks. Growing text is best-effort, everything else is lossless; members, kinds, values and methods
 * that came later pass as they are.
 */
export const codexContract = defineContract({
  ...codexWords,
  version: CODEX_VERSION,
${entries}});

/** The type of {@link codexContract}. */
export type CodexContract = typeof codexContract;
`;
}

function schemasFile(entries: string): string {
  return `
/** What is checked of the definitions, as JSON schemas. */
export const definitions: Readonly<Record<string, string>> = {
${entries}};
`;
}
