import {
  ConfigReadParams,
  ConfigReadResult,
  Model,
  ModelListParams,
  ModelListResult,
} from '../../../src/app-server/index.js';

/** As the live server tells of one, shortened. */
const live = {
  id: 'gpt-x',
  model: 'gpt-x',
  upgrade: null,
  displayName: 'X',
  description: 'For everyday work.',
  hidden: false,
  defaultReasoningEffort: 'low',
  isDefault: true,
};

describe('a model', () => {
  it('is read as the live server tells of it, with all that this version does not know', () => {
    expect(Model.parse(live)).toEqual(live);
    expect(ModelListResult.safeParse({ data: [live], nextCursor: '2' }).success).toBe(true);
  });

  it('needs a name, and says whether it is shown', () => {
    expect(Model.safeParse({ ...live, model: undefined }).success).toBe(false);
    expect(Model.safeParse({ ...live, hidden: null }).success).toBe(false);
  });
});

describe('settings', () => {
  it('are any values by name', () => {
    const config = { model: 'x', tools: null, history: { max_bytes: 1 } };
    expect(ConfigReadResult.safeParse({ config, origins: {}, layers: null }).success).toBe(true);
    expect(ConfigReadResult.safeParse({ config: [] }).success).toBe(false);
  });

  it('are asked for with or without a folder', () => {
    for (const params of [{}, { cwd: null }, { cwd: '/w', includeLayers: false }]) {
      expect(ConfigReadParams.safeParse(params).success).toBe(true);
    }
    expect(ConfigReadParams.safeParse({ cwd: 1 }).success).toBe(false);
    expect(ModelListParams.safeParse({ limit: -1 }).success).toBe(false);
  });
});
