/**
 * What each entry point has at run time, by name. A name that appears here by accident is a promise nobody meant to make;
 * one that is missing breaks somebody's import. Change a list on purpose, and tell it in CHANGELOG.md.
 */
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

const root = join(__dirname, '..');

const entryPoints: Readonly<Record<string, readonly string[]>> = {
  '.': [
    // protocol
    'DecodeError',
    'ErrorCode',
    'RpcError',
    'TransportError',
    'decodeMessage',
    'defineContract',
    'deliveryOf',
    'isDecodeError',
    'isOverloaded',
    'isRequestId',
    'isRpcError',
    'isTransportError',
    'notification',
    'request',
    'serverRequest',
    'type',
    // backpressure
    'LagBuffer',
    'LagError',
    'failOnLag',
    'ignoreLagged',
    'isLagError',
    'isLagged',
    'lagged',
    'paceMap',
    'paceOn',
    'paceWith',
    'pullFrom',
    'resyncOnLag',
    'tapLagged',
    // scheduling
    'SerialSubject',
    // client, in-process
    'connect',
    'inProcessWires',
    'retryOverloaded',
    'startInProcess',
  ],
  './server': ['createServer'],
  './app-server': [
    'createAppServer',
    'appServerContract',
    // stores
    'applyThreadEntry',
    'memoryThreadStore',
    'reduceThreadSummary',
    'ThreadCatalog',
    'ThreadStoreError',
    'isThreadStoreError',
    'isTurnTransition',
    // schemas
    'AgentMessageItem',
    'ApprovalDecision',
    'ApprovalPolicy',
    'CommandApprovalParams',
    'CommandApprovalResult',
    'CommandExecOutputDelta',
    'CommandExecParams',
    'CommandExecResizeParams',
    'CommandExecResult',
    'CommandExecTerminateParams',
    'CommandExecWriteParams',
    'CommandExecutionItem',
    'CommandStatus',
    'ConfigReadParams',
    'ConfigReadResult',
    'ConfigRequirementsResult',
    'ConfigWarning',
    'ErrorEvent',
    'InitializeParams',
    'InitializeResult',
    'ItemCompleted',
    'ItemDelta',
    'ItemStarted',
    'Model',
    'ModelListParams',
    'ModelListResult',
    'ServerRequestResolved',
    'TerminalSize',
    'Thread',
    'ThreadActiveFlag',
    'ThreadArchiveResult',
    'ThreadArchived',
    'ThreadClosed',
    'ThreadItem',
    'ThreadListParams',
    'ThreadListResult',
    'ThreadLoadedListParams',
    'ThreadLoadedListResult',
    'ThreadNameUpdated',
    'ThreadParams',
    'ThreadReadParams',
    'ThreadReadResult',
    'ThreadResumeParams',
    'ThreadResumeResult',
    'ThreadSetNameParams',
    'ThreadSetNameResult',
    'ThreadStartParams',
    'ThreadStartResult',
    'ThreadStarted',
    'ThreadStatus',
    'ThreadStatusChanged',
    'ThreadUnarchiveResult',
    'ThreadUnarchived',
    'ThreadUnsubscribeResult',
    'ThreadUnsubscribeStatus',
    'Turn',
    'TurnCompleted',
    'TurnError',
    'TurnInterruptParams',
    'TurnInterruptResult',
    'TurnStartParams',
    'TurnStartResult',
    'TurnStarted',
    'TurnStatus',
    'TurnSteerParams',
    'TurnSteerResult',
    'UserInput',
    'UserMessageItem',
    'WarningEvent',
  ],
  './thread-state': ['emptyThread', 'reduceThread', 'scanThread'],
  './transports': [
    'BEARER_PREFIX',
    'SUBPROTOCOL',
    'bearerProtocols',
    'bridge',
    'messagePortWire',
    'postMessageWire',
    'reconnecting',
    'webSocketWire',
  ],
  './node': [
    'commandAgent',
    'fileThreadStore',
    'killProcessTree',
    'processRunner',
    'spawnWire',
    'stdioWire',
    'streamWire',
  ],
  './websocket': ['connectWebSocket', 'listenWebSocket'],
  './codex': [
    'CODEX_VERSION',
    'CodegenError',
    'CodexNotFoundError',
    'TurnFailedError',
    'approvals',
    'codexContract',
    'codexVersion',
    'codexWire',
    'codexWords',
    'connectCodex',
    'findCodexBinary',
    'growingText',
    'isCodexNotFoundError',
    'isTurnFailedError',
    'looseSchemas',
    'politeModel',
    'startMockModel',
    'turn',
    'writeCodexContract',
  ],
  './testing': [
    'conformanceCases',
    'conformanceContract',
    'ConformanceError',
    'fakeWire',
    'faultyWire',
    'marbles',
    'run',
    'scriptedAgent',
    'scriptedServer',
    'startConformanceServer',
  ],
};

/** `./node` lies in src/node/index.ts, `.` in src/index.ts. */
const sourceOf = (entry: string): string => join(root, 'src', entry, 'index');

describe.each(Object.entries(entryPoints))('%s', (entry, expected) => {
  it('exports these names and no others', async () => {
    const names = Object.keys((await import(sourceOf(entry))) as object);
    expect(names.filter((name) => name !== '__esModule').sort()).toEqual([...expected].sort());
  });
});

describe('package.json', () => {
  const manifest = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as {
    readonly exports: Readonly<Record<string, unknown>>;
    readonly typesVersions: Readonly<Record<string, Readonly<Record<string, readonly string[]>>>>;
    readonly bin: Readonly<Record<string, string>>;
    readonly dependencies?: unknown;
    readonly peerDependencies: Readonly<Record<string, string>>;
    readonly peerDependenciesMeta: unknown;
  };
  const folders = Object.keys(entryPoints).filter((entry) => entry !== '.');

  it('has the entry points listed above and no others', () => {
    expect(Object.keys(manifest.exports)).toEqual([...Object.keys(entryPoints), './package.json']);
  });

  it.each(Object.keys(entryPoints))('leads %s to both builds and their types', (entry) => {
    const target = (kind: string, extension: string): string => `./${join('dist', kind, entry, `index${extension}`)}`;
    expect(manifest.exports[entry]).toEqual({
      ...(entry === './codex' && {
        // What needs Node is not in a page.
        browser: {
          import: { types: target('esm', '.d.ts'), default: './dist/esm/codex/browser.js' },
          require: { types: target('cjs', '.d.ts'), default: './dist/cjs/codex/browser.js' },
        },
      }),
      import: { types: target('esm', '.d.ts'), default: target('esm', '.js') },
      require: { types: target('cjs', '.d.ts'), default: target('cjs', '.js') },
    });
  });

  it('leads resolvers that do not read exports to the same types', () => {
    expect(manifest.typesVersions).toEqual({
      '*': Object.fromEntries(folders.map((entry) => [entry.slice(2), [`./dist/cjs/${entry.slice(2)}/index.d.ts`]])),
    });
  });

  it('leads the command to a program that names its interpreter', () => {
    expect(manifest.bin).toEqual({ 'rx-sluice': 'dist/esm/cli/main.js' });
    const source = join(root, 'src/cli/main.ts');
    expect(existsSync(source) && readFileSync(source, 'utf8').startsWith('#!/usr/bin/env node\n')).toBe(true);
  });

  it("brings no package along: rxjs and zod are the application's own, and ws is for who listens", () => {
    expect(manifest.dependencies).toBeUndefined();
    expect(Object.keys(manifest.peerDependencies)).toEqual(['rxjs', 'zod', 'ws']);
    expect(manifest.peerDependenciesMeta).toEqual({ ws: { optional: true } });
  });
});
