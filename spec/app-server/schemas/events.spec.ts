import {
  ConfigWarning,
  ErrorEvent,
  ItemDelta,
  ServerRequestResolved,
  WarningEvent,
} from '../../../src/app-server/index.js';

const at = { threadId: 't', turnId: 'u' };

describe('event schemas', () => {
  it('accept what codex sends, and members they do not know', () => {
    expect(ItemDelta.safeParse({ ...at, itemId: 'i', delta: 'x', more: 1 }).success).toBe(true);
    expect(ServerRequestResolved.safeParse({ threadId: 't', requestId: 0 }).success).toBe(true);
    expect(ServerRequestResolved.safeParse({ threadId: 't', requestId: 'r' }).success).toBe(true);
    expect(ErrorEvent.safeParse({ ...at, error: { message: 'x' }, willRetry: false }).success).toBe(true);
    expect(WarningEvent.safeParse({ threadId: null, message: 'x' }).success).toBe(true);
    expect(ConfigWarning.safeParse({ summary: 'x', details: null }).success).toBe(true);
  });

  it('refuse what has no place', () => {
    expect(ItemDelta.safeParse({ ...at, delta: 'x' }).success).toBe(false);
    expect(ServerRequestResolved.safeParse({ threadId: 't' }).success).toBe(false);
    expect(ErrorEvent.safeParse({ ...at, willRetry: false }).success).toBe(false);
  });
});
