import { isTurnFailedError, TurnFailedError } from '../../../src/codex/index.js';
import { aTurn } from '../scripted-codex.js';

describe('TurnFailedError', () => {
  it("has codex's words and its kind of failure, be it a word or an object", () => {
    for (const codexErrorInfo of ['internalServerError', { responseTooManyFailedAttempts: { httpStatusCode: 429 } }]) {
      const turn = aTurn('2', 'failed', { error: { message: 'no model', codexErrorInfo } });
      expect(new TurnFailedError('th', turn)).toMatchObject({
        name: 'TurnFailedError',
        message: 'no model',
        threadId: 'th',
        turn,
        codexErrorInfo,
      });
    }
  });

  it('says which turn it was when codex says nothing', () => {
    expect(new TurnFailedError('th', aTurn('2', 'failed', { error: null }))).toMatchObject({
      message: 'turn 2 failed',
      codexErrorInfo: null,
    });
  });

  it('is recognised by its brand, and nothing else is', () => {
    expect(isTurnFailedError(new TurnFailedError('th', aTurn('2')))).toBe(true);
    for (const other of [new Error('x'), { name: 'TurnFailedError' }, null, undefined, 'x']) {
      expect(isTurnFailedError(other)).toBe(false);
    }
  });
});
