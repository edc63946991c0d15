import {
  Thread,
  ThreadReadParams,
  ThreadReadResult,
  ThreadStartParams,
  ThreadStartResult,
  ThreadStatus,
} from '../../../src/app-server/index.js';

const thread = {
  id: 't',
  preview: '',
  ephemeral: true,
  createdAt: 1,
  updatedAt: 1,
  status: { type: 'idle' },
  cwd: '/',
  source: 'cli',
  turns: [],
};

describe('thread schemas', () => {
  it('accept a thread, with what a newer server adds', () => {
    expect(Thread.safeParse({ ...thread, sessionId: 't', gitInfo: null }).success).toBe(true);
    expect(ThreadReadResult.safeParse({ thread }).success).toBe(true);
    expect(ThreadStartResult.safeParse({ thread, cwd: '/', approvalPolicy: 'untrusted', model: 'x' }).success).toBe(
      true,
    );
    expect(Thread.safeParse({ ...thread, id: 1 }).success).toBe(false);
  });

  it('accept every policy that codex clients choose, and no other', () => {
    for (const approvalPolicy of ['untrusted', 'on-failure', 'on-request', 'never']) {
      expect(ThreadStartParams.safeParse({ approvalPolicy }).success).toBe(true);
    }
    expect(ThreadStartParams.safeParse({ approvalPolicy: 'always' }).success).toBe(false);
  });

  it('accept the four statuses', () => {
    const isStatus = (status: unknown): boolean => ThreadStatus.safeParse(status).success;
    expect(
      [
        { type: 'notLoaded' },
        { type: 'idle' },
        { type: 'systemError' },
        { type: 'active', activeFlags: ['waitingOnApproval'] },
      ].every(isStatus),
    ).toBe(true);
    expect(isStatus({ type: 'active' })).toBe(false);
    expect(isStatus({ type: 'busy' })).toBe(false);
  });

  it('need nothing to start a thread and its id to read it', () => {
    expect(ThreadStartParams.safeParse({}).success).toBe(true);
    expect(
      ThreadStartParams.safeParse({ cwd: null, approvalPolicy: null, ephemeral: null, sandbox: 'read-only' }).success,
    ).toBe(true);
    expect(ThreadReadParams.safeParse({ threadId: 't', includeTurns: true }).success).toBe(true);
    expect(ThreadReadParams.safeParse({}).success).toBe(false);
  });
});
