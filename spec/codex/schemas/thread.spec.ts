import {
  CodexThread,
  CodexThreadListParams,
  CodexThreadResult,
  CodexThreadStartParams,
  CodexThreadUnsubscribeResult,
} from '../../../src/codex/schemas/thread.js';
import { aThread } from '../scripted-codex.js';

describe('thread schemas', () => {
  it('accept what codex sends, and members, kinds and words they do not know', () => {
    expect(CodexThread.safeParse(aThread('newStatus')).success).toBe(true);
    expect(CodexThreadResult.safeParse({ thread: aThread(), cwd: '/', model: 'm', sandbox: {} }).success).toBe(true);
    expect(CodexThreadStartParams.safeParse({}).success).toBe(true);
    expect(
      CodexThreadStartParams.safeParse({ approvalPolicy: { granular: {} }, sandbox: 'read-only', more: 1 }).success,
    ).toBe(true);
    expect(CodexThreadListParams.safeParse({ limit: 10, cursor: null }).success).toBe(true);
    expect(CodexThreadUnsubscribeResult.safeParse({ status: 'newStatus' }).success).toBe(true);
  });

  it('refuse what cannot be worked with', () => {
    expect(CodexThread.safeParse({ ...aThread(), id: 1 }).success).toBe(false);
    expect(CodexThreadResult.safeParse({ thread: aThread() }).success).toBe(false);
    expect(CodexThreadStartParams.safeParse({ approvalPolicy: 1 }).success).toBe(false);
    expect(CodexThreadListParams.safeParse({ limit: -1 }).success).toBe(false);
  });
});
