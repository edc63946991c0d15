import {
  CodexTurn,
  CodexTurnError,
  CodexTurnStartParams,
  CodexTurnStartResult,
} from '../../../src/codex/schemas/turn.js';

describe('turn schemas', () => {
  it('accept what codex sends, and members, kinds and words they do not know', () => {
    expect(
      CodexTurn.safeParse({ id: 'u', items: [], status: 'newStatus', itemsView: 'newView', durationMs: null }).success,
    ).toBe(true);
    expect(CodexTurnError.safeParse({ message: 'x', codexErrorInfo: 'other' }).success).toBe(true);
    expect(CodexTurnError.safeParse({ message: 'x', codexErrorInfo: null }).success).toBe(true);
    expect(
      CodexTurnStartParams.safeParse({ threadId: 't', input: [{ type: 'text', text: 'x' }], more: 1 }).success,
    ).toBe(true);
    expect(
      CodexTurnStartResult.safeParse({ turn: { id: 'u', items: [], status: 'inProgress', error: null } }).success,
    ).toBe(true);
  });

  it('refuse what cannot be worked with', () => {
    expect(CodexTurn.safeParse({ id: 'u', status: 'completed' }).success).toBe(false);
    expect(CodexTurnError.safeParse({ message: 'x', codexErrorInfo: 1 }).success).toBe(false);
    expect(CodexTurnStartParams.safeParse({ threadId: 't', input: 'x' }).success).toBe(false);
    expect(CodexTurnStartResult.safeParse({}).success).toBe(false);
  });
});
