import type { Capabilities, ContractWords } from '../../src/protocol/index.js';
import { SessionState } from '../../src/server/session-state.js';

const words: ContractWords = {
  handshake: { request: 'initialize', capabilities: (params) => params as Partial<Capabilities> },
  legacy: { prefix: 'old/' },
};

describe('H2 a session', () => {
  it('is new, admits nothing and trusts a remote client with nothing', () => {
    const session = new SessionState(words, false);
    expect(session).toMatchObject({ state: 'new', experimental: false, legacy: false, lag: false, optOut: [] });
    expect(session.admits('done', false)).toBe(false);
  });

  it('understands markers and legacy events in process unless the client says otherwise', () => {
    const silent = new SessionState(words, true);
    silent.open({});
    expect(silent).toMatchObject({ legacy: true, lag: true, experimental: false });
    const plain = new SessionState(words, true);
    plain.open({ legacy: false, lag: false });
    expect(plain).toMatchObject({ legacy: false, lag: false });
  });

  it('publishes all that the client told in one step, with the params it told it in', () => {
    const told = { experimental: true, lag: true, legacy: true, optOut: ['a'] };
    const session = new SessionState(words, false);
    session.open(told);
    expect(session).toMatchObject({ state: 'open', client: told, ...told });
  });

  it('stays as it was when the capabilities cannot be read', () => {
    const session = new SessionState(words, false);
    expect(() => {
      session.open({ experimental: true, optOut: 5 });
    }).toThrow(TypeError);
    expect(session).toMatchObject({ state: 'new', client: undefined, experimental: false, optOut: [] });
  });

  it('opens without capabilities where the contract has no words for them', () => {
    const session = new SessionState({}, false);
    session.open(undefined);
    expect(session).toMatchObject({ state: 'open', client: undefined, experimental: false, lag: false });
    expect(session.admits('old/whatever', false)).toBe(true);
  });
});

describe('H3 a session admits', () => {
  const admits = (told: Partial<Capabilities>, method: string, experimental = false): boolean => {
    const session = new SessionState(words, false);
    session.open(told);
    return session.admits(method, experimental);
  };

  it('nothing while it is still opening', () => {
    const session = new SessionState(words, false);
    session.state = 'opening';
    expect(session.admits('done', false)).toBe(false);
  });

  it('what was not opted out of, by exact name', () => {
    expect([admits({ optOut: ['done'] }, 'done'), admits({ optOut: ['done'] }, 'done/more')]).toEqual([false, true]);
  });

  it('experimental events with the capability only', () => {
    expect([admits({}, 'trial', true), admits({ experimental: true }, 'trial', true)]).toEqual([false, true]);
  });

  it('legacy events with the capability only', () => {
    expect([admits({}, 'old/a'), admits({ legacy: true }, 'old/a'), admits({}, 'new/a')]).toEqual([false, true, true]);
  });

  it('nothing that was opted out of, whatever else it may have', () => {
    expect(admits({ experimental: true, legacy: true, optOut: ['old/a'] }, 'old/a', true)).toBe(false);
  });
});
