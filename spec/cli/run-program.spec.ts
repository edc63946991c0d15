import { EMPTY } from 'rxjs';

import { parseArguments } from '../../src/cli/parse-arguments.js';
import { runProgram } from '../../src/cli/run-program.js';
import { run } from '../../src/testing/index.js';
import { scriptedAgent } from '../../src/testing/scripted-agent.js';
import { fakeWorld } from './fake-world.js';

describe('the program', () => {
  it('explains itself', () => {
    const world = fakeWorld();
    const codes: number[] = [];
    runProgram(['--help'], world).subscribe((code) => codes.push(code));
    const help = parseArguments(['--help']);
    expect([codes, world.terminal.out(), world.terminal.errors()]).toEqual([[0], 'text' in help && help.text, '']);
  });

  it('refuses arguments that make no sense in one line', () => {
    const { terminal, ...world } = fakeWorld();
    const codes: number[] = [];
    runProgram(['--pace', 'x'], { ...world, terminal }).subscribe((code) => codes.push(code));
    expect([codes, terminal.out()]).toEqual([[2], '']);
    expect(terminal.errors()).toMatch(/^rx-sluice: --pace takes [^\n]*\(--help explains\)\n$/);
  });

  it('says in one line what it needs and does not have', () => {
    const { terminal, ...world } = fakeWorld();
    const codes: number[] = [];
    runProgram(['serve', '--listen', 'ws://127.0.0.1:1', '--token-file', '/no/such'], { ...world, terminal }).subscribe(
      (code) => codes.push(code),
    );
    expect([codes, terminal.out()]).toEqual([[6], '']);
    expect(terminal.errors()).toMatch(/^rx-sluice: the token cannot be read: [^\n]*ENOENT[^\n]*\n$/);
  });

  it('refuses to give a program away', () => {
    const { terminal, ...world } = fakeWorld();
    const codes: number[] = [];
    runProgram(['bridge', '--listen', 'ws://127.0.0.1:1', 'codex'], { ...world, terminal }).subscribe((code) =>
      codes.push(code),
    );
    expect([codes, terminal.out()]).toEqual([[7], '']);
    expect(terminal.errors()).toMatch(/^rx-sluice: codex would be open to everybody: [^\n]*\n$/);
  });

  it('does not hide a mistake of ours', () => {
    const mistake = new TypeError('oops');
    const errors: unknown[] = [];
    const world = fakeWorld();
    const wires = {
      ...world.wires,
      stdio: () => {
        throw mistake;
      },
    };
    runProgram(['serve'], { ...world, wires }).subscribe({ error: (error: unknown) => errors.push(error) });
    expect(errors).toEqual([mistake]);
  });

  it('hands the command to its agent, in the folder it was started in', () => {
    run(({ flush }) => {
      const agent = scriptedAgent([]);
      const codes: number[] = [];
      runProgram(['--yes', '--', 'make', 'it so'], fakeWorld({ agent })).subscribe((code) => codes.push(code));
      flush();
      expect(codes).toEqual([0]);
      expect(agent.turns).toMatchObject([{ text: `make 'it so'`, cwd: '/usr' }]);
    });
  });

  it('does nothing before it is subscribed, and runs again with each subscription', () => {
    run(({ flush }) => {
      const agent = scriptedAgent(() => EMPTY);
      const program$ = runProgram(['--yes'], fakeWorld({ agent }));
      expect(agent.turns).toHaveLength(0);
      program$.subscribe();
      program$.subscribe();
      flush();
      expect(agent.turns).toHaveLength(2);
    });
  });
});
