import { execNotifications, execRequests } from '../../../src/app-server/exec/exec-contract.js';

describe('the contract of commands (C5, C7, E1)', () => {
  it('keeps what is done to one command in order and apart from others', () => {
    const scopes = [
      execRequests['command/exec/write'].scope?.({ processId: 'a' }),
      execRequests['command/exec/resize'].scope?.({ processId: 'a', size: { rows: 1, cols: 1 } }),
      execRequests['command/exec/write'].scope?.({ processId: 'b' }),
    ];
    expect(scopes[0]).toBe(scopes[1]);
    expect(scopes[0]).not.toBe(scopes[2]);
  });

  it('lets nothing wait behind a command that runs, and an end behind nothing at all', () => {
    expect(execRequests['command/exec'].scope).toBeUndefined();
    expect(execRequests['command/exec/terminate'].urgent).toBe(true);
  });

  it('never loses output', () => {
    expect(execNotifications['command/exec/outputDelta'].delivery).not.toBe('best-effort');
  });
});
