import { CommandApprovalParams, CommandApprovalResult } from '../../../src/app-server/index.js';

const params = {
  kind: 'command',
  threadId: 't',
  turnId: 'u',
  itemId: 'i',
  startedAtMs: 1,
  command: 'ls',
  cwd: '/',
  availableDecisions: ['accept', 'cancel'],
};

describe('approval schemas', () => {
  it('accept a question, with what a newer server adds', () => {
    expect(CommandApprovalParams.safeParse({ ...params, environmentId: 'local', reason: null }).success).toBe(true);
    expect(CommandApprovalParams.safeParse({ ...params, command: 1 }).success).toBe(false);
  });

  it('accept the four decisions and nothing else', () => {
    const isDecision = (decision: unknown): boolean => CommandApprovalResult.safeParse({ decision }).success;
    expect(['accept', 'acceptForSession', 'decline', 'cancel'].every(isDecision)).toBe(true);
    expect(['bogus', undefined, null, 1].some(isDecision)).toBe(false);
  });
});
