import { type CodexConfig, configArguments } from '../../../src/codex/config/config-arguments.js';

describe('configArguments', () => {
  it('are one for each setting, tables key by key, so that they add to those of the file', () => {
    const config = {
      model: 'm',
      'features.plugins': false,
      model_providers: { mock: { name: 'mock', request_max_retries: 0 } },
      notify: ['a', 'b'],
      left: undefined,
    };
    expect(configArguments(config)).toEqual([
      '-c',
      'model="m"',
      '-c',
      'features.plugins=false',
      '-c',
      'model_providers.mock.name="mock"',
      '-c',
      'model_providers.mock.request_max_retries=0',
      '-c',
      'notify=["a", "b"]',
    ]);
  });

  it('have a table as one value where a key needs quotes, or where there is none', () => {
    expect(configArguments({ servers: { 'my server': { on: true } }, empty: {} })).toEqual([
      '-c',
      'servers={ "my server" = { on = true } }',
      '-c',
      'empty={}',
    ]);
  });

  it('are none for no settings', () => {
    expect(configArguments({})).toEqual([]);
  });

  it.each(['', 'a=b', 'a b'])('refuses the key "%s"', (key) => {
    expect(() => configArguments({ [key]: 1 })).toThrow(new TypeError(`config: "${key}" is no key`));
  });

  it('says which setting cannot be told', () => {
    const config = { model_providers: { mock: { name: null } } } as unknown as CodexConfig;
    expect(() => configArguments(config)).toThrow(
      'config: model_providers.mock.name: TOML has no null: leave the member out',
    );
  });
});
