/** A real language server, driven by `languageServerContract` alone. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';

import { filter, firstValueFrom, lastValueFrom } from 'rxjs';

import { type Client, connect } from '../../src/index.js';
import { type SpawnedWire, spawnWire } from '../../src/node/index.js';
import { languageServerContract } from './language-server-contract.js';

const modules = join(__dirname, '../../node_modules');
const program = join(modules, 'typescript-language-server/lib/cli.mjs');
const text = 'const wrong: number = "text";\nexport function twice(n: number): number { return n * 2; }\ntwice(21);\n';

describe('a real language server over stdio', () => {
  let folder: string;
  let uri: string;
  let wire: SpawnedWire;
  let client: Client<typeof languageServerContract>;

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'rx-sluice-language-server-'));
    writeFileSync(join(folder, 'tsconfig.json'), '{"compilerOptions":{"strict":true}}');
    uri = pathToFileURL(join(folder, 'a.ts')).href;
    wire = spawnWire({
      command: process.execPath,
      args: [program, '--stdio'],
      cwd: folder,
      framing: 'content-length',
    });
    client = connect(wire, languageServerContract, {
      handshake: {
        processId: process.pid,
        rootUri: pathToFileURL(folder).href,
        capabilities: {
          window: { workDoneProgress: true },
          workspace: { configuration: true },
          textDocument: { publishDiagnostics: {} },
        },
        initializationOptions: { tsserver: { path: join(modules, 'typescript/lib') } },
      },
    });
  });

  afterEach(async () => {
    await lastValueFrom(client.shutdown());
    rmSync(folder, { recursive: true, force: true });
  });

  const open = (): unknown =>
    client.notify('textDocument/didOpen', { textDocument: { uri, languageId: 'typescript', version: 1, text } });
  const hover = { textDocument: { uri: '' }, position: { line: 2, character: 2 } };

  it('takes a contract of fewer than 40 lines', () => {
    const lines = readFileSync(join(__dirname, 'language-server-contract.ts'), 'utf8').trimEnd().split('\n');
    expect(lines.length).toBeLessThan(40);
  });

  it("H1, S1, E1: opens a session, answers the server's questions, and gets answers and diagnostics", async () => {
    const asked: unknown[] = [];
    client.handle('workspace/configuration', ({ items }) => {
      asked.push(...items);
      return items.map(() => null);
    });
    client.handle('window/workDoneProgress/create', () => null);
    const problems = firstValueFrom(
      client.notifications('textDocument/publishDiagnostics').pipe(filter(({ diagnostics }) => diagnostics.length > 0)),
    );
    open();
    const answer = await client.call('textDocument/hover', { ...hover, textDocument: { uri } });
    expect(JSON.stringify(answer)).toContain('function twice(n: number): number');
    expect((await problems).diagnostics[0]?.message).toContain("'string' is not assignable to type 'number'");
    expect(asked).toContainEqual(expect.objectContaining({ section: 'formattingOptions' }));
  }, 30_000);

  it('C6: cancels in the words of the protocol, and does not take the late answer for another', async () => {
    client.handle('workspace/configuration', ({ items }) => items.map(() => null));
    client.handle('window/workDoneProgress/create', () => null);
    const sent: string[] = [];
    const found: unknown[] = [];
    client.commands$.subscribe(({ method }) => sent.push(method));
    client.diagnostics$.subscribe((diagnostic) => found.push(diagnostic));
    await firstValueFrom(client.ready$);
    open();
    const outcome: unknown[] = [];
    client
      .request('textDocument/hover', { ...hover, textDocument: { uri } })
      .subscribe({ next: (result) => outcome.push(result), error: (error: unknown) => outcome.push(error) })
      .unsubscribe();
    const second = await client.call('textDocument/hover', { ...hover, textDocument: { uri } });
    expect(JSON.stringify(second)).toContain('twice');
    expect(sent.filter((method) => method === '$/cancelRequest')).toHaveLength(1);
    expect([outcome, found]).toEqual([[], []]);
  }, 30_000);

  it('D3: ends in order when it was told to', async () => {
    await firstValueFrom(client.ready$);
    await client.call('shutdown');
    client.notify('exit');
    expect(await firstValueFrom(client.closed$)).toMatchObject({ orderly: true });
  }, 30_000);
});
