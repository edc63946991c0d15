import { writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { connect, isDecodeError } from '../../../src/index.js';
import { approvals } from '../../../src/codex/approvals.js';
import { codexContract as handWritten, type CodexContract } from '../../../src/codex/codex-contract.js';
import { CodegenError } from '../../../src/codex/codegen/codegen-error.js';
import { GENERATED, generateContract } from '../../../src/codex/codegen/generate-contract.js';
import { writeFiles } from '../../../src/codex/codegen/write-files.js';
import { turn } from '../../../src/codex/turn/turn.js';
import type { Script, ScriptedServer } from '../../../src/testing/index.js';
import { run, scriptedServer } from '../../../src/testing/index.js';
import { bundle, temporaryFolder } from './fixture.js';
import { compile, load } from './generated.js';
import { USES } from './uses.js';

const small = { version: '0.169.0', bundle, experimental: false };

describe('generateContract', () => {
  it('makes three files that say what they are made of, the same each time', () => {
    const { files, methods, rawResults } = generateContract(small);
    expect([...files.keys()]).toEqual(['contract.ts', 'schemas.ts', 'types.ts']);
    for (const text of files.values()) {
      expect(text.startsWith(`${GENERATED} of codex 0.169.0.\n`)).toBe(true);
    }
    expect(generateContract(small).files).toEqual(files);
    expect([methods, rawResults]).toEqual([20, []]);
  });

  it('says that what may still change is in it', () => {
    const { files } = generateContract({ ...small, experimental: true });
    expect(files.get('types.ts')).toMatch(/^.* of codex 0\.169\.0, what may still change included\.\n/);
  });

  it('refuses in one line what codex does not write', () => {
    const broken = (text: string) => () => generateContract({ ...small, bundle: text });
    expect(broken('{')).toThrow(CodegenError);
    expect(broken('{')).toThrow(/^the schemas of codex 0\.169\.0 cannot be read: .*JSON/);
    expect(broken(bundle.replace('"serverRequest/resolved"', '"settled"'))).toThrow(
      'codex 0.169.0 does not speak as expected: its schemas have no serverRequest/resolved',
    );
  });
});

describe('a generated contract', () => {
  const folder = temporaryFolder();
  writeFileSync(join(folder, 'package.json'), '{"type":"module"}');
  const paths = writeFiles(folder, generateContract(small).files);

  it('is typed as strictly as can be, and works with what the hand-written one works with', () => {
    const uses = join(folder, 'uses.ts');
    writeFileSync(uses, USES);
    // So that it is seen that mistakes are seen.
    const wrong = join(folder, 'wrong.ts');
    writeFileSync(wrong, `import type { Turn } from './types.js';\nexport const id: Turn['id'] = 5;\n`);
    expect(compile([...paths, uses, wrong]).errors).toEqual([
      `${wrong}:2 Type 'number' is not assignable to type 'string'.`,
    ]);
  });

  describe('with a server', () => {
    // Its methods are a part of the hand-written one's, and so are what they are given here.
    const { codexContract, CODEX_VERSION } = load(folder) as { codexContract: CodexContract; CODEX_VERSION: string };

    const server = (script: Script<CodexContract> = {}): ScriptedServer<CodexContract> =>
      scriptedServer(codexContract, {
        initialize: () => ({ userAgent: 'spec/0.169.0', codexHome: '/', platformFamily: 'unix', platformOs: 'plan9' }),
        ...script,
      });
    const idle = { type: 'idle' };
    const thread = { id: 't', status: idle, preview: '', turns: [], later: true };
    const working = { id: 'u', items: [], status: 'inProgress' };

    /** What a client of this contract hears of one event. */
    const heard = (
      tell: (codex: ScriptedServer<CodexContract>) => void,
    ): { events: unknown[]; complaints: unknown[] } => {
      const events: unknown[] = [];
      const complaints: unknown[] = [];
      run(({ flush }) => {
        const codex = server();
        const client = connect(codex.wire, codexContract);
        client.events$.subscribe((event) => events.push(event));
        client.diagnostics$.subscribe((diagnostic) => complaints.push(diagnostic));
        tell(codex);
        flush();
      });
      return { events, complaints };
    };
    const completed = (item: object): unknown => ({ threadId: 't', turnId: 'u', completedAtMs: 1, item });

    it('carries its version, and the words of codex', () => {
      expect(CODEX_VERSION).toBe('0.169.0');
      expect(codexContract).toMatchObject({ version: '0.169.0', resolved: { method: 'serverRequest/resolved' } });
      expect(codexContract.handshake).toMatchObject(JSON.parse(JSON.stringify(handWritten.handshake)) as object);
    });

    it('delivers events as the hand-written one does (E1)', () => {
      for (const [method, spec] of Object.entries(codexContract.serverNotifications)) {
        const other = (handWritten.serverNotifications as Record<string, typeof spec>)[method]!;
        expect([method, spec.delivery ?? 'lossless']).toEqual([method, other.delivery ?? 'lossless']);
        const params = { threadId: 't', turnId: 'u', thread: { id: 't' } } as never;
        expect([method, spec.scope?.(params)]).toEqual([method, other.scope?.(params)]);
      }
    });

    it('passes members, values and kinds that came later, without a word (C10)', () => {
      const params = completed({ type: 'hologram', id: 'i', depth: 3 });
      const status = { threadId: 't', status: { type: 'active', activeFlags: ['waitingForRain'], since: 1 } };
      const failed = { ...working, status: 'evaporated', error: { message: 'x', codexErrorInfo: { rain: {} } } };
      const { events, complaints } = heard((codex) => {
        codex.notify('item/completed', params as never);
        codex.notify('thread/status/changed', status);
        codex.notify('turn/completed', { threadId: 't', turn: failed });
      });
      expect(events).toMatchObject([
        { method: 'item/completed', params },
        { method: 'thread/status/changed', params: status },
        { method: 'turn/completed', params: { threadId: 't', turn: failed } },
      ]);
      expect(complaints).toEqual([]);
    });

    it('tells what is wrong in a kind that is known, and delivers it', () => {
      const params = completed({ type: 'agentMessage', id: 'i', text: 5 });
      const { events, complaints } = heard((codex) => codex.notify('item/completed', params as never));
      expect(events).toMatchObject([{ type: 'notification', params }]);
      expect(complaints).toMatchObject([
        { type: 'invalidEvent', method: 'item/completed', issues: [{ path: ['item', 'text'] }] },
      ]);
    });

    it('checks no text that grows', () => {
      const { events, complaints } = heard((codex) => codex.notify('item/agentMessage/delta', { delta: 5 } as never));
      expect(events).toHaveLength(1);
      expect(complaints).toEqual([]);
    });

    it('passes a method it does not know as unknown (H4)', () => {
      const { events } = heard((codex) => codex.notify('thread/evaporated' as never, { threadId: 't' }));
      expect(events).toMatchObject([{ type: 'unknown', method: 'thread/evaporated', params: { threadId: 't' } }]);
    });

    it('checks answers by method (A3)', () => {
      run(({ flush }) => {
        const answers: unknown[] = [{ turn: working }, { turn: { ...working, items: 5 } }];
        const codex = server({ 'turn/start': () => answers.shift() as never });
        const client = connect(codex.wire, codexContract);
        const seen: unknown[] = [];
        for (let asked = 0; asked < 2; asked++) {
          client.request('turn/start', { threadId: 't', input: [] }).subscribe({
            next: (answer) => seen.push(answer),
            error: (error: unknown) => seen.push(error),
          });
        }
        flush();
        expect(seen[0]).toEqual({ turn: working });
        expect(seen[1]).toMatchObject({ method: 'turn/start', issues: [{ path: ['turn', 'items'] }] });
        expect(isDecodeError(seen[1])).toBe(true);
      });
    });

    it('follows a turn, and decides what it asks', () => {
      run(({ flush }) => {
        const codex = server({
          'thread/start': () => ({ thread, cwd: '/', model: 'm', approvalPolicy: 'never' }) as never,
          'turn/start': () => ({ turn: working }),
        });
        const client = connect(codex.wire, codexContract);
        approvals(client).subscribe((open) => {
          for (const approval of open) approval.accept();
        });
        const seen: unknown[] = [];
        turn(client, 't', 'hello').subscribe({
          next: (event) => seen.push('method' in event ? event.method : event),
          complete: () => seen.push('end'),
        });
        flush();
        const question = { threadId: 't', turnId: 'u', itemId: 'i', startedAtMs: 1, kind: 'command' };
        const decided: unknown[] = [];
        codex.ask('item/commandExecution/requestApproval', question).subscribe((it) => decided.push(it));
        codex.notify('turn/completed', { threadId: 't', turn: { ...working, status: 'completed' } });
        flush();
        expect(decided).toEqual([{ decision: 'accept' }]);
        expect(seen.slice(-2)).toEqual(['turn/completed', 'end']);
      });
    });
  });
});
