import { EMPTY } from 'rxjs';

import { helpText } from '../../src/cli/help-text.js';
import { runProgram } from '../../src/cli/run-program.js';
import { run } from '../../src/testing/index.js';
import { scriptedAgent } from '../../src/testing/scripted-agent.js';
import { fakeTerminal } from './fake-terminal.js';

describe('the program', () => {
  it('explains itself', () => {
    const terminal = fakeTerminal();
    const codes: number[] = [];
    runProgram(['--help'], terminal).subscribe((code) => codes.push(code));
    expect([codes, terminal.out(), terminal.errors()]).toEqual([[0], helpText, '']);
  });

  it('refuses arguments that make no sense in one line', () => {
    const terminal = fakeTerminal();
    const codes: number[] = [];
    runProgram(['--pace', 'x'], terminal).subscribe((code) => codes.push(code));
    expect([codes, terminal.out()]).toEqual([[2], '']);
    expect(terminal.errors()).toMatch(/^rx-sluice: --pace takes [^\n]*\(--help explains\)\n$/);
  });

  it('hands the command to its agent, in the folder it was started in', () => {
    run(({ flush }) => {
      const agent = scriptedAgent([]);
      const codes: number[] = [];
      runProgram(['--yes', '--', 'make', 'it so'], fakeTerminal(), { agent }).subscribe((code) => codes.push(code));
      flush();
      expect(codes).toEqual([0]);
      expect(agent.turns).toMatchObject([{ text: `make 'it so'`, cwd: '/usr' }]);
    });
  });

  it('does nothing before it is subscribed, and runs again with each subscription', () => {
    run(({ flush }) => {
      const agent = scriptedAgent(() => EMPTY);
      const program$ = runProgram(['--yes'], fakeTerminal(), { agent });
      expect(agent.turns).toHaveLength(0);
      program$.subscribe();
      program$.subscribe();
      flush();
      expect(agent.turns).toHaveLength(2);
    });
  });
});
