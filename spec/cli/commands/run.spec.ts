import { concat, EMPTY, map, merge, NEVER, of, throwError } from 'rxjs';

import type { Agent, AgentEvent } from '../../../src/app-server/index.js';
import { run as runCommand } from '../../../src/cli/commands/run.js';
import { RUN_DEFAULTS, type RunOptions } from '../../../src/cli/options/run-options.js';
import { inProcessWires } from '../../../src/in-process/index.js';
import { run } from '../../../src/testing/index.js';
import { scriptedAgent } from '../../../src/testing/scripted-agent.js';
import { appOf } from '../../app-server/app-harness.js';
import { fakeTerminal, type FakeTerminal } from '../fake-terminal.js';
import { fakeWorld, worldWithCodex } from '../fake-world.js';

const started: AgentEvent = { type: 'itemStarted', item: { type: 'commandExecution', id: 'c', command: 'ls' } };
const output = (delta: string): AgentEvent => ({ type: 'delta', itemId: 'c', delta });
const exited = (exitCode: number): AgentEvent => ({ type: 'itemCompleted', itemId: 'c', outcome: { exitCode } });
const lines = (count: number): AgentEvent[] => Array.from({ length: count }, (_, n) => output(`line ${n}\n`));

/** Runs to the end in virtual time. */
function outcomeOf(
  agent: Agent,
  options: Partial<RunOptions> = {},
  terminal: FakeTerminal = fakeTerminal(),
): { code: number | undefined; out: string; errors: string } {
  let code: number | undefined;
  run(({ flush }) => {
    runCommand({ ...RUN_DEFAULTS, yes: true, ...options }, fakeWorld({ terminal, agent })).subscribe(
      (exitCode) => (code = exitCode),
    );
    flush();
  });
  return { code, out: terminal.out(), errors: terminal.errors() };
}

/** The numbers of `emitted = delivered + skipped + conflated`. */
function equationOf(out: string): number[] {
  const [, ...numbers] =
    /^events: ([\d,]+) emitted = ([\d,]+) delivered \+ ([\d,]+) skipped \+ ([\d,]+) conflated$/m.exec(out) ?? [];
  return numbers.map((number) => Number(number.replaceAll(',', '')));
}

describe('run', () => {
  it('shows a short command whole', () => {
    const { code, out } = outcomeOf(scriptedAgent([started, output('a\n'), output('b\n'), exited(0)]));
    expect(code).toBe(0);
    expect(out).toMatch(
      /^\$ ls\na\nb\nturn completed: command completed, exit code 0\nevents: 11 emitted = 10 delivered \+ 0 skipped \+ 1 conflated\npeak queue: 10 events, time: \d\.\d s\nshutdown: graceful, 0 ms\n$/,
    );
  });

  it.each(['drop-oldest', 'drop-newest', 'drop-all'] as const)(
    'shows the gaps of a flood and adds up, with %s',
    (overflow) => {
      for (const conflate of [undefined, 100]) {
        const { code, out } = outcomeOf(scriptedAgent([started, ...lines(5_000), exited(0)]), { overflow, conflate });
        const [emitted = NaN, delivered = NaN, skipped = NaN, conflated = NaN] = equationOf(out);
        expect(code).toBe(0);
        expect(emitted).toBe(5_009);
        expect(emitted).toBe(delivered + skipped + conflated);
        expect(skipped).toBeGreaterThan(0);
        expect(conflated > 0).toBe(conflate !== undefined);
        const gaps = [...out.matchAll(/^… ([\d,]+) events? skipped$/gm)].map(([, count = '']) =>
          Number(count.replaceAll(',', '')),
        );
        expect(gaps.reduce((sum, count) => sum + count, 0)).toBe(skipped);
      }
    },
  );

  it('says so when the view gives up because nothing may be lost', () => {
    const { code, out } = outcomeOf(
      scriptedAgent(() => merge(of(started, ...lines(5_000)), NEVER)),
      { overflow: 'error', conflate: undefined },
    );
    const [emitted = NaN, delivered = NaN, skipped = NaN, conflated = NaN] = equationOf(out);
    expect(code).toBe(5);
    expect(out).toContain('the buffer of 64 events is full');
    expect(emitted).toBe(delivered + skipped + conflated);
  });

  it.each([
    ['the command fails', scriptedAgent([started, exited(2)]), 1, 'command failed, exit code 2'],
    ['the turn fails', () => throwError(() => new Error('no shell today')), 4, 'error: no shell today\nturn failed'],
    ['there is no command', () => EMPTY, 0, 'turn completed\n'],
  ])('has an exit code for: %s', (_, agent, expected, text) => {
    const { code, out } = outcomeOf(agent);
    expect(code).toBe(expected);
    expect(out).toContain(text);
  });

  describe('the question', () => {
    const asking: Agent = ({ requestApproval }) =>
      concat(
        of(started),
        requestApproval({ itemId: 'c', command: 'ls' }).pipe(
          map((decision): AgentEvent =>
            decision === 'accept' ? exited(0) : { type: 'itemCompleted', itemId: 'c', outcome: { status: 'declined' } },
          ),
        ),
      );

    it('is answered by --yes', () => {
      expect(outcomeOf(asking, { yes: true })).toMatchObject({ code: 0, errors: '' });
    });

    it('is answered no without a terminal, which is said', () => {
      const { code, out, errors } = outcomeOf(asking, { yes: false });
      expect(code).toBe(3);
      expect(out).toContain('turn completed: command declined\n');
      expect(errors).toContain('--yes accepts it');
    });

    it('is put to the user', () => {
      run(({ cold, flush }) => {
        const codes: number[] = [];
        const terminal = fakeTerminal({ canAsk: true });
        runCommand({ ...RUN_DEFAULTS, yes: false }, fakeWorld({ terminal, agent: asking })).subscribe((code) =>
          codes.push(code),
        );
        cold('---x').subscribe(() => terminal.type('y'));
        flush();
        expect(codes).toEqual([0]);
        expect(terminal.errors()).toContain('Run it?');
      });
    });

    it('can end the turn', () => {
      const terminal = fakeTerminal({ canAsk: true });
      run(({ flush }) => {
        runCommand({ ...RUN_DEFAULTS, yes: false }, fakeWorld({ terminal, agent: asking })).subscribe((code) => {
          expect(code).toBe(3);
        });
        terminal.type('cancel');
        flush();
      });
      expect(terminal.out()).toContain('turn interrupted: command declined');
    });

    it('is withdrawn by Ctrl-C', () => {
      const codes: number[] = [];
      const terminal = fakeTerminal({ canAsk: true });
      run(({ flush }) => {
        runCommand({ ...RUN_DEFAULTS, yes: false }, fakeWorld({ terminal, agent: asking })).subscribe((code) =>
          codes.push(code),
        );
        terminal.interrupt();
        expect(terminal.isAsking()).toBe(false);
        flush();
      });
      expect(codes).toEqual([130]);
      expect(terminal.out()).toContain('turn interrupted');
    });
  });

  describe('the end before the end', () => {
    it('comes with Ctrl-C: the turn is interrupted, the rest counted, the server shut down', () => {
      run(({ cold, flush, expectSubscriptions }) => {
        const codes: number[] = [];
        const terminal = fakeTerminal();
        const work = cold<AgentEvent>('-');
        const agent = scriptedAgent(() => concat(of(started, ...lines(5_000)), work));
        runCommand({ ...RUN_DEFAULTS, yes: true, conflate: undefined }, fakeWorld({ terminal, agent })).subscribe(
          (code) => codes.push(code),
        );
        cold('-----x').subscribe(() => {
          terminal.interrupt();
          // It takes no time at all: nothing that waits is shown first.
          expect(codes).toEqual([130]);
        });
        expectSubscriptions(work.subscriptions).toBe('^----!');
        flush();
        const [emitted = NaN, delivered = NaN, skipped = NaN, conflated = NaN] = equationOf(terminal.out());
        expect(emitted).toBe(delivered + skipped + conflated);
        expect(terminal.out()).toMatch(
          /\$ ls\n… [\d,]+ events skipped\nturn interrupted\nevents: .*\npeak queue: .*\nshutdown: graceful/,
        );
      });
    });

    it('comes with Ctrl-C also when only the reader is not ready yet', () => {
      run(({ cold, flush }) => {
        const codes: number[] = [];
        const terminal = fakeTerminal();
        const agent = scriptedAgent([started, ...lines(500), exited(0)]);
        runCommand({ ...RUN_DEFAULTS, yes: true }, fakeWorld({ terminal, agent })).subscribe((code) =>
          codes.push(code),
        );
        cold('-----x').subscribe(() => terminal.interrupt());
        flush();
        expect(codes).toEqual([130]);
        expect(terminal.out()).toContain('turn completed: command completed, exit code 0');
      });
    });

    it('comes in good order when nobody reads the output any more', () => {
      run(({ cold, flush }) => {
        const codes: number[] = [];
        const terminal = fakeTerminal();
        const agent = scriptedAgent(() => merge(of(started, ...lines(500)), NEVER));
        runCommand({ ...RUN_DEFAULTS, yes: true }, fakeWorld({ terminal, agent })).subscribe((code) =>
          codes.push(code),
        );
        cold('-----x').subscribe(() => terminal.abandon());
        flush();
        expect(codes).toEqual([0]);
      });
    });
  });

  describe('with codex', () => {
    const codex = { type: 'codex', binary: undefined } as const;

    it('shows what codex does as it would its own server, and lets the model go', () => {
      run(({ flush }) => {
        const agent = scriptedAgent([started, ...lines(5_000), exited(0)]);
        const [clientWire, codexWire] = inProcessWires();
        appOf({ agent }).attach(codexWire);
        const world = worldWithCodex(clientWire);
        const codes: number[] = [];
        runCommand({ ...RUN_DEFAULTS, command: 'ls -l', yes: true, codex }, world).subscribe((code) =>
          codes.push(code),
        );
        flush();
        const [emitted = NaN, delivered = NaN, skipped = NaN, conflated = NaN] = equationOf(world.terminal.out());
        expect(codes).toEqual([0]);
        expect(emitted).toBeGreaterThan(5_000);
        expect(emitted).toBe(delivered + skipped + conflated);
        expect(agent.turns).toMatchObject([{ input: [{ type: 'text', text: 'ls -l' }] }]);
        expect(world.models.map(({ isListening }) => isListening())).toEqual([false]);
      });
    });

    it('has it ask about every command, in a thread that is not kept', () => {
      const world = fakeWorld();
      runCommand({ ...RUN_DEFAULTS, yes: true, codex }, world).subscribe();
      const { wire, exits } = world.codex[0]!;
      wire.receive({ id: 0, result: { userAgent: 'codex/0.169.0' } });
      expect(wire.sent.at(-1)).toMatchObject({
        method: 'thread/start',
        params: { cwd: '/usr', approvalPolicy: 'untrusted', ephemeral: true },
      });
      wire.end();
      exits({ code: 0, signal: null });
    });
  });
});
