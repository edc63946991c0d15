import {
  Turn,
  TurnError,
  TurnInterruptParams,
  TurnInterruptResult,
  TurnStartParams,
  TurnStartResult,
} from '../../../src/app-server/index.js';

const turn = {
  id: 'u',
  items: [],
  itemsView: 'notLoaded',
  status: 'inProgress',
  error: null,
  startedAt: null,
  completedAt: null,
  durationMs: null,
};

describe('turn schemas', () => {
  it('accept a turn, with what a newer server adds', () => {
    expect(Turn.safeParse({ ...turn, rootTurnId: 'u' }).success).toBe(true);
    expect(TurnStartResult.safeParse({ turn }).success).toBe(true);
    expect(Turn.safeParse({ ...turn, status: 'paused' }).success).toBe(false);
  });

  it('accept an error whose kind is a word or an object', () => {
    expect(TurnError.safeParse({ message: 'x', codexErrorInfo: 'other', additionalDetails: null }).success).toBe(true);
    expect(TurnError.safeParse({ message: 'x', codexErrorInfo: { tooMany: { httpStatusCode: 429 } } }).success).toBe(
      true,
    );
    expect(TurnError.safeParse({ codexErrorInfo: 'other' }).success).toBe(false);
  });

  it('ask for a thread and an input, or for a thread and a turn', () => {
    expect(
      TurnStartParams.safeParse({ threadId: 't', input: [{ type: 'text', text: 'x', text_elements: [] }] }).success,
    ).toBe(true);
    expect(TurnStartParams.safeParse({ threadId: 't', input: 'x' }).success).toBe(false);
    expect(TurnInterruptParams.safeParse({ threadId: 't', turnId: 'u' }).success).toBe(true);
    expect(TurnInterruptParams.safeParse({ threadId: 't' }).success).toBe(false);
    expect(TurnInterruptResult.safeParse({}).success).toBe(true);
  });
});
