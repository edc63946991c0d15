import {
  CodexErrorEvent,
  CodexItemEvent,
  CodexNotice,
  CodexRequestResolved,
  CodexThreadStatusChanged,
  CodexTurnEvent,
  CodexWarning,
} from '../../../src/codex/schemas/events.js';

describe('event schemas', () => {
  it('accept what codex sends, and members, kinds and words they do not know', () => {
    expect(
      CodexItemEvent.safeParse({ threadId: 't', turnId: 'u', item: { type: 'newKind', id: 'i', more: 1 } }).success,
    ).toBe(true);
    expect(CodexRequestResolved.safeParse({ threadId: 't', requestId: 0 }).success).toBe(true);
    expect(CodexRequestResolved.safeParse({ threadId: 't', requestId: 'r' }).success).toBe(true);
    expect(
      CodexErrorEvent.safeParse({
        threadId: 't',
        turnId: 'u',
        error: { message: 'x', codexErrorInfo: { a: 1 } },
        willRetry: false,
      }).success,
    ).toBe(true);
    expect(CodexThreadStatusChanged.safeParse({ threadId: 't', status: { type: 'newStatus' } }).success).toBe(true);
    expect(
      CodexTurnEvent.safeParse({ threadId: 't', turn: { id: 'u', items: [], status: 'completed', error: null } })
        .success,
    ).toBe(true);
    expect(CodexWarning.safeParse({ threadId: null, message: 'x' }).success).toBe(true);
    expect(CodexNotice.safeParse({ summary: 'x', details: null }).success).toBe(true);
  });

  it('refuse what cannot be worked with', () => {
    expect(CodexItemEvent.safeParse({ threadId: 't', turnId: 'u', item: { id: 'i' } }).success).toBe(false);
    expect(CodexRequestResolved.safeParse({ threadId: 't' }).success).toBe(false);
    expect(CodexTurnEvent.safeParse({ threadId: 't', turn: {} }).success).toBe(false);
    expect(CodexErrorEvent.safeParse({ threadId: 't', turnId: 'u', willRetry: false }).success).toBe(false);
  });
});
