import {
  CodexApprovalResult,
  CodexCommandApproval,
  CodexDecision,
  CodexFileChangeApproval,
  CodexPermissionsRequest,
  CodexPermissionsResult,
  CodexUserInputRequest,
  CodexUserInputResult,
} from '../../../src/codex/schemas/approval.js';

describe('approval schemas', () => {
  it('accept what codex sends, and members, kinds and words they do not know', () => {
    expect(CodexDecision.safeParse('accept').success).toBe(true);
    expect(CodexDecision.safeParse('newer').success).toBe(true);
    expect(CodexDecision.safeParse({ acceptWithExecpolicyAmendment: { execpolicy_amendment: ['ls'] } }).success).toBe(
      true,
    );
    expect(
      CodexCommandApproval.safeParse({
        threadId: 't',
        turnId: 'u',
        itemId: 'i',
        command: 'ls',
        availableDecisions: ['accept', {}],
        more: 1,
      }).success,
    ).toBe(true);
    expect(
      CodexFileChangeApproval.safeParse({ threadId: 't', turnId: 'u', itemId: 'i', grantRoot: null }).success,
    ).toBe(true);
    expect(CodexApprovalResult.safeParse({ decision: 'decline' }).success).toBe(true);
    expect(
      CodexPermissionsRequest.safeParse({ threadId: 't', turnId: 'u', itemId: 'i', permissions: { network: {} } })
        .success,
    ).toBe(true);
    expect(CodexPermissionsResult.safeParse({ permissions: {}, scope: 'session' }).success).toBe(true);
    expect(
      CodexUserInputRequest.safeParse({
        threadId: 't',
        turnId: 'u',
        itemId: 'i',
        questions: [{ id: 'q', question: 'which?' }],
      }).success,
    ).toBe(true);
    expect(CodexUserInputResult.safeParse({ answers: { q: { answers: ['this'] } } }).success).toBe(true);
  });

  it('refuse what cannot be worked with', () => {
    expect(CodexDecision.safeParse(1).success).toBe(false);
    expect(CodexCommandApproval.safeParse({ threadId: 't', turnId: 'u' }).success).toBe(false);
    expect(CodexApprovalResult.safeParse({}).success).toBe(false);
    expect(CodexUserInputRequest.safeParse({ threadId: 't', turnId: 'u', itemId: 'i', questions: [{}] }).success).toBe(
      false,
    );
    expect(CodexUserInputResult.safeParse({ answers: { q: 'this' } }).success).toBe(false);
  });
});
