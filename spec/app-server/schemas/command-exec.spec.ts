import {
  CommandExecOutputDelta,
  CommandExecParams,
  CommandExecResizeParams,
  CommandExecResult,
  CommandExecTerminateParams,
  CommandExecWriteParams,
} from '../../../src/app-server/index.js';

describe('the schemas of command/exec (C10)', () => {
  const accepts = (params: unknown): boolean => CommandExecParams.safeParse(params).success;

  it('accept a program with nothing else, and with everything left open', () => {
    expect(accepts({ command: ['ls'] })).toBe(true);
    expect(
      accepts({ command: ['ls'], processId: null, cwd: null, env: null, tty: null, size: null, timeoutMs: null }),
    ).toBe(true);
    expect(accepts({ command: ['ls'], sandboxPolicy: { type: 'readOnly' } })).toBe(true);
  });

  it.each([
    [{ command: [] }],
    [{ command: 'ls' }],
    [{ command: ['ls'], processId: '' }],
    [{ command: ['ls'], env: { PATH: 1 } }],
    [{ command: ['ls'], timeoutMs: -1 }],
    [{ command: ['ls'], outputBytesCap: 0.5 }],
    [{ command: ['ls'], size: { rows: 0, cols: 80 } }],
    [{ command: ['ls'], size: { rows: 24, cols: 65_536 } }],
  ])('refuse %j', (params) => {
    expect(accepts(params)).toBe(false);
  });

  it('let a variable be taken away', () => {
    expect(accepts({ command: ['ls'], env: { PATH: null } })).toBe(true);
  });

  it('name the command that is meant in whatever is done to one', () => {
    for (const schema of [CommandExecWriteParams, CommandExecResizeParams, CommandExecTerminateParams]) {
      expect(schema.safeParse({ size: { rows: 1, cols: 1 } }).success).toBe(false);
      expect(schema.safeParse({ processId: 'p', size: { rows: 1, cols: 1 } }).success).toBe(true);
    }
  });

  it('know two streams, and an end with both of their texts', () => {
    const delta = { processId: 'p', stream: 'stdout', deltaBase64: '', capReached: false };
    expect(CommandExecOutputDelta.safeParse(delta).success).toBe(true);
    expect(CommandExecOutputDelta.safeParse({ ...delta, stream: 'stdlog' }).success).toBe(false);
    expect(CommandExecResult.safeParse({ exitCode: 0, stdout: '', stderr: '' }).success).toBe(true);
    expect(CommandExecResult.safeParse({ exitCode: null, stdout: '', stderr: '' }).success).toBe(false);
  });
});
