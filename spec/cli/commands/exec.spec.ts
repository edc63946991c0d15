import { concat, EMPTY, ignoreElements, map, merge, NEVER, of, takeWhile, tap, throwError } from 'rxjs';

import type { Agent, AgentEvent } from '../../../src/app-server/index.js';
import { exec } from '../../../src/cli/commands/exec.js';
import type { ExecOptions } from '../../../src/cli/options/exec-options.js';
import { ProgramError } from '../../../src/cli/program-error.js';
import { inProcessWires } from '../../../src/in-process/index.js';
import type { Wire } from '../../../src/protocol/index.js';
import { fakeWire, run } from '../../../src/testing/index.js';
import { scriptedAgent } from '../../../src/testing/scripted-agent.js';
import { appOf } from '../../app-server/app-harness.js';
import { fakeTerminal, type FakeTerminal } from '../fake-terminal.js';
import { fakeWorld, type FakeWorld, worldWithCodex } from '../fake-world.js';

const OPTIONS: ExecOptions = { input: 'ls', yes: true, json: false, server: { type: 'own' } };

const started: AgentEvent = { type: 'itemStarted', item: { type: 'commandExecution', id: 'c', command: 'ls' } };
const output = (delta: string): AgentEvent => ({ type: 'delta', itemId: 'c', delta });
const exited = (exitCode: number): AgentEvent => ({ type: 'itemCompleted', itemId: 'c', outcome: { exitCode } });

/** Runs to the end in virtual time. */
function outcomeOf(
  agent: Agent,
  options: Partial<ExecOptions> = {},
  terminal: FakeTerminal = fakeTerminal(),
): { code: number | undefined; out: string; errors: string; lines: { [member: string]: unknown }[] } {
  let code: number | undefined;
  run(({ flush }) => {
    exec({ ...OPTIONS, ...options }, fakeWorld({ terminal, agent })).subscribe((exitCode) => (code = exitCode));
    flush();
  });
  const out = terminal.out();
  const lines =
    options.json === true
      ? out
          .trimEnd()
          .split('\n')
          .map((line) => JSON.parse(line))
      : [];
  return { code, out, errors: terminal.errors(), lines };
}

describe('exec', () => {
  it('prints the output and nothing else', () => {
    const { code, out, errors } = outcomeOf(scriptedAgent([started, output('a\n'), output('b'), exited(0)]));
    expect([code, out, errors]).toEqual([0, 'a\nb', '$ ls\n']);
  });

  it.each([
    ['the command fails', scriptedAgent([started, exited(2)]), 1, 'turn completed: command failed, exit code 2\n'],
    ['the turn fails', () => throwError(() => new Error('no shell')), 4, 'error: no shell\nturn failed\n'],
    ['there is no command', () => EMPTY, 0, ''],
  ])('has an exit code for: %s', (_, agent, expected, text) => {
    const { code, out, errors } = outcomeOf(agent);
    expect([code, out]).toEqual([expected, '']);
    expect(errors).toContain(text);
  });

  describe('the question', () => {
    const asking: Agent = ({ requestApproval }) =>
      concat(of(started), requestApproval({ itemId: 'c', command: 'ls' }).pipe(ignoreElements()), of(exited(0)));

    it('is answered by --yes', () => {
      expect(outcomeOf(asking)).toMatchObject({ code: 0, errors: '$ ls\n' });
    });

    it('is answered no without a terminal', () => {
      const declining = scriptedAgent(({ requestApproval }) =>
        concat(
          of(started),
          requestApproval({ itemId: 'c', command: 'ls' }).pipe(ignoreElements()),
          of<AgentEvent>({ type: 'itemCompleted', itemId: 'c', outcome: { status: 'declined' } }),
        ),
      );
      const { code, errors } = outcomeOf(declining, { yes: false });
      expect(code).toBe(3);
      expect(errors).toContain('--yes accepts it');
    });
  });

  describe('with --json', () => {
    it('prints an event a line, and the end (E2)', () => {
      const { code, lines } = outcomeOf(scriptedAgent([started, output('a\n'), exited(0)]), { json: true });
      expect(code).toBe(0);
      expect(lines.map(({ method, type }) => method ?? type)).toEqual([
        'thread/started',
        'thread/status/changed',
        'turn/started',
        'item/started',
        'item/completed',
        'item/started',
        'item/commandExecution/outputDelta',
        'item/completed',
        'thread/status/changed',
        'turn/completed',
        'end',
      ]);
      const numbers = lines.flatMap(({ seq }) => (typeof seq === 'number' ? [seq] : []));
      expect(numbers).toEqual([...numbers].sort((one, other) => one - other));
      expect(lines.at(-1)).toEqual({ type: 'end', status: 'completed', error: null, exitCode: 0 });
    });

    it('says in the last line what went wrong', () => {
      const { code, lines } = outcomeOf(() => throwError(() => new Error('no shell')), { json: true });
      expect(code).toBe(4);
      expect(lines.at(-1)).toEqual({ type: 'end', status: 'failed', error: null, exitCode: 4 });
    });
  });

  describe('when nobody takes the output', () => {
    it('holds up the agent, folds what it says meanwhile, and loses none of it (E7)', () => {
      run(({ cold, flush }) => {
        const terminal = fakeTerminal();
        const writable: boolean[] = [];
        const agent = scriptedAgent(({ writable$ }) =>
          merge(
            writable$.pipe(
              tap((may) => writable.push(may)),
              ignoreElements(),
            ),
            concat(
              of(started, output('a\n')),
              cold<AgentEvent>('--(bc)----(de|)', {
                b: output('b\n'),
                c: output('c\n'),
                d: output('d\n'),
                e: exited(0),
              }),
            ),
          ).pipe(takeWhile(({ type }) => type !== 'itemCompleted', true)),
        );
        let code: number | undefined;
        exec(OPTIONS, fakeWorld({ terminal, agent })).subscribe((exitCode) => (code = exitCode));
        cold('-x').subscribe(() => terminal.fill());
        cold('-----x').subscribe(() => {
          expect([terminal.out(), writable]).toEqual(['a\nb\n', [true, false]]);
          terminal.drain();
          expect(terminal.out()).toBe('a\nb\nc\n');
        });
        flush();
        expect([code, terminal.out(), writable]).toEqual([0, 'a\nb\nc\nd\n', [true, false, true]]);
      });
    });

    it('still ends with Ctrl-C', () => {
      run(({ cold, flush, expectSubscriptions }) => {
        const terminal = fakeTerminal();
        const work = cold<AgentEvent>('--(bc)', { b: output('b\n'), c: output('c\n') });
        const agent = scriptedAgent(() => concat(of(started), merge(work, NEVER)));
        const codes: number[] = [];
        exec(OPTIONS, fakeWorld({ terminal, agent })).subscribe((code) => codes.push(code));
        cold('-x').subscribe(() => terminal.fill());
        cold('-----x').subscribe(() => terminal.interrupt());
        expectSubscriptions(work.subscriptions).toBe('^----!');
        flush();
        expect(codes).toEqual([130]);
        expect(terminal.errors()).toContain('turn interrupted\n');
      });
    });
  });

  it('ends in good order when nobody reads the output any more', () => {
    run(({ cold, flush }) => {
      const terminal = fakeTerminal();
      const codes: number[] = [];
      const agent = scriptedAgent(() => concat(of(started), NEVER));
      exec(OPTIONS, fakeWorld({ terminal, agent })).subscribe((code) => codes.push(code));
      cold('-----x').subscribe(() => terminal.abandon());
      flush();
      expect(codes).toEqual([0]);
    });
  });

  describe('on a server elsewhere', () => {
    const elsewhere: ExecOptions = {
      ...OPTIONS,
      server: { type: 'connect', url: 'ws://127.0.0.1:1', tokenFile: undefined },
    };

    /** A world with one server that listens, and what it prints. */
    function worldOf(agent: Agent, wire?: Wire): FakeWorld {
      const world = fakeWorld({ agent });
      const [clientWire, serverWire] = inProcessWires();
      appOf({ agent }).attach(serverWire);
      const connect = (): Wire => wire ?? clientWire;
      return {
        ...world,
        wires: { ...world.wires, sockets$: world.wires.sockets$.pipe(map((it) => ({ ...it, connect }))) },
      };
    }

    it('runs the turn there, where a command that fails is a step on the way', () => {
      run(({ flush }) => {
        const world = worldOf(scriptedAgent([started, output('a\n'), exited(2)]));
        const codes: number[] = [];
        exec(elsewhere, world).subscribe((code) => codes.push(code));
        flush();
        expect([codes, world.terminal.out()]).toEqual([[0], 'a\n']);
      });
    });

    it('waits for a reader who is slow, with its text folded meanwhile (E8)', () => {
      run(({ cold, flush }) => {
        const world = worldOf(
          scriptedAgent(() =>
            cold<AgentEvent>('(sa)-(bcd)-(e|)', {
              s: started,
              a: output('a\n'),
              b: output('b\n'),
              c: output('c\n'),
              d: output('d\n'),
              e: exited(0),
            }),
          ),
        );
        const written: string[] = [];
        const terminal = { ...world.terminal, write: (text: string) => written.push(text) };
        exec(elsewhere, { ...world, terminal }).subscribe();
        cold('-x').subscribe(() => world.terminal.fill());
        cold('----------------x').subscribe(() => {
          expect(written).toEqual(['a\n', 'b\n']);
          world.terminal.drain();
        });
        flush();
        expect(written).toEqual(['a\n', 'b\n', 'c\nd\n']);
      });
    });

    it('says so when nobody is there', () => {
      run(({ flush }) => {
        const wire = fakeWire();
        const world = worldOf(() => EMPTY, wire);
        const codes: number[] = [];
        exec(elsewhere, world).subscribe((code) => codes.push(code));
        wire.end({ reason: 'could not connect', orderly: false });
        flush();
        expect(codes).toEqual([6]);
        expect(world.terminal.errors()).toMatch(/^thread\/start: [^\n]*could not connect[^\n]*\n$/);
      });
    });

    it('is given up by Ctrl-C while it does not answer', () => {
      run(({ flush }) => {
        const world = worldOf(() => EMPTY, fakeWire());
        const codes: number[] = [];
        exec(elsewhere, world).subscribe((code) => codes.push(code));
        world.terminal.interrupt();
        flush();
        expect(codes).toEqual([130]);
      });
    });

    it('is not told a token that others could read', () => {
      const world = fakeWorld();
      const connect = (): Wire => {
        throw new TypeError('a token is told only over wss:');
      };
      const sockets$ = world.wires.sockets$.pipe(map((it) => ({ ...it, connect })));
      const errors: unknown[] = [];
      exec(elsewhere, { ...world, wires: { ...world.wires, sockets$ } }).subscribe({
        error: (error: unknown) => errors.push(error),
      });
      expect(errors).toEqual([new ProgramError(7, 'a token is told only over wss:')]);
    });
  });

  describe('with codex', () => {
    const withCodex: ExecOptions = { ...OPTIONS, server: { type: 'codex', binary: '/opt/codex' } };

    it('runs the turn there, in the folder of the user, where a command that fails is a step on the way', () => {
      run(({ flush }) => {
        const agent = scriptedAgent([started, output('a\n'), exited(2)]);
        const [clientWire, codexWire] = inProcessWires();
        appOf({ agent }).attach(codexWire);
        const world = worldWithCodex(clientWire);
        const codes: number[] = [];
        exec(withCodex, world).subscribe((code) => codes.push(code));
        flush();
        expect([codes, world.terminal.out()]).toEqual([[0], 'a\n']);
        expect(world.codex).toMatchObject([{ binary: '/opt/codex' }]);
        expect(agent.turns).toMatchObject([{ cwd: '/usr' }]);
      });
    });

    it('hands on what codex says on stderr, and tells that it is gone', () => {
      run(({ flush }) => {
        const world = fakeWorld();
        const codes: number[] = [];
        exec(withCodex, world).subscribe((code) => codes.push(code));
        world.codex[0]!.says('no config\n');
        world.codex[0]!.wire.end({ reason: 'peer exited with code 1', orderly: false });
        flush();
        expect(codes).toEqual([6]);
        expect(world.terminal.errors()).toMatch(/^no config\n[^\n]*peer exited with code 1[^\n]*\n$/);
      });
    });
  });
});
