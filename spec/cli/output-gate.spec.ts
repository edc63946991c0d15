import { OutputGate } from '../../src/cli/output-gate.js';
import { fakeTerminal } from './fake-terminal.js';

describe('OutputGate', () => {
  it('is open while the terminal has room, and says when it has again', () => {
    const terminal = fakeTerminal();
    const gate = new OutputGate(terminal);
    let opened = 0;
    gate.opened$.subscribe(() => (opened += 1));
    expect(gate.isOpen()).toBe(true);
    terminal.fill();
    expect([gate.isOpen(), opened]).toEqual([false, 0]);
    terminal.drain();
    expect([gate.isOpen(), opened]).toEqual([true, 1]);
  });

  it('opens for good when nobody waits for it any more', () => {
    const terminal = fakeTerminal();
    const gate = new OutputGate(terminal);
    let opened = 0;
    gate.opened$.subscribe(() => (opened += 1));
    terminal.fill();
    gate.leave();
    expect([gate.isOpen(), opened]).toEqual([true, 1]);
  });
});
