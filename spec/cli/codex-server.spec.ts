import { codexServer } from '../../src/cli/codex-server.js';
import type { World } from '../../src/cli/world.js';
import { CodexNotFoundError } from '../../src/codex/index.js';
import { run } from '../../src/testing/index.js';
import { fakeWorld } from './fake-world.js';

/** A world without this codex. */
function worldWithout(error: unknown): World {
  const world = fakeWorld();
  return {
    ...world,
    wires: {
      ...world.wires,
      codex: () => {
        throw error;
      },
    },
  };
}

describe('the client of codex', () => {
  it('H1: says who it is to the codex that was asked for', () => {
    run(({ flush }) => {
      const world = fakeWorld();
      const { client } = codexServer({ binary: '/opt/codex', config: { model: 'm' } }, world);
      const [codex] = world.codex;
      expect(codex).toMatchObject({ binary: '/opt/codex', config: { model: 'm' } });
      expect(codex?.wire.sent).toMatchObject([
        { method: 'initialize', params: { clientInfo: { name: 'rx-sluice-cli' } } },
      ]);
      client.shutdown();
      flush();
      expect(codex?.wire.closedWith?.reason).toBe('shutdown');
    });
  });

  it.each([
    [['binary /x: no such file'], 'no codex: binary /x: no such file'],
    [
      ['the package @openai/codex, from /: not installed', 'PATH: /bin'],
      'no codex was found: npm install --global @openai/codex, or name one by --codex-binary or CODEX_BINARY',
    ],
  ])('says in one line what there is instead of a codex: %j', (looked, message) => {
    const world = worldWithout(new CodexNotFoundError(looked));
    expect(() => codexServer({ binary: undefined }, world)).toThrow(expect.objectContaining({ exitCode: 6, message }));
  });

  it('passes on what else goes wrong', () => {
    const error = new TypeError('config: x: TOML has no null');
    expect(() => codexServer({ binary: undefined }, worldWithout(error))).toThrow(error);
  });
});
