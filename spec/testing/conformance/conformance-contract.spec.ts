import { conformanceContract } from '../../../src/testing/index.js';

describe('conformanceContract', () => {
  it('has a word for each thing a contract can say', () => {
    const { cancel, handshake, legacy, resolved } = conformanceContract;
    expect(handshake?.capabilities?.({ capabilities: { lag: true } })).toEqual({ lag: true });
    expect(handshake?.capabilities?.({})).toEqual({});
    expect(cancel?.id(cancel.params(7))).toBe(7);
    expect(resolved?.id(resolved.params({ id: 'x', method: 'question', params: '' }))).toBe('x');
    expect(legacy?.prefix).toBe('old/');
  });

  it('has events of each class, and one that folds together', () => {
    const { mark, text, tick } = conformanceContract.serverNotifications;
    expect([mark.delivery, tick.delivery, text.delivery]).toEqual([undefined, 'best-effort', 'best-effort']);
    const [one, two] = ['a', 'b'].map((word) => ({ item: 'i', text: word }));
    expect(text.conflate?.merge?.(one!, two!)).toEqual({ item: 'i', text: 'ab' });
  });
});
