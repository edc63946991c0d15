import { CodexInitializeParams, CodexInitializeResult } from '../../../src/codex/schemas/session.js';

describe('session schemas', () => {
  it('accept what codex sends, and members, kinds and words they do not know', () => {
    expect(CodexInitializeParams.safeParse({ clientInfo: { name: 'x', version: '1', title: null } }).success).toBe(
      true,
    );
    expect(
      CodexInitializeParams.safeParse({
        clientInfo: { name: 'x', version: '1' },
        capabilities: { experimentalApi: true, lag: true },
      }).success,
    ).toBe(true);
    expect(CodexInitializeResult.safeParse({ userAgent: 'x/1.0.0', platformOs: 'linux' }).success).toBe(true);
  });

  it('refuse what cannot be worked with', () => {
    expect(CodexInitializeParams.safeParse({ clientInfo: { name: 'x' } }).success).toBe(false);
    expect(CodexInitializeParams.safeParse({}).success).toBe(false);
    expect(CodexInitializeResult.safeParse({}).success).toBe(false);
  });
});
