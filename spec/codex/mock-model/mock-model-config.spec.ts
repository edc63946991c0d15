import { configArguments } from '../../../src/codex/config/config-arguments.js';
import { mockModelConfig } from '../../../src/codex/mock-model/mock-model-config.js';

describe('mockModelConfig', () => {
  it('sends codex to one address only, without an account and without a second try', () => {
    expect(configArguments(mockModelConfig('http://127.0.0.1:1/v1')).filter((argument) => argument !== '-c')).toEqual([
      'model="mock-model"',
      'model_provider="mock"',
      'model_providers.mock.name="mock"',
      'model_providers.mock.base_url="http://127.0.0.1:1/v1"',
      'model_providers.mock.wire_api="responses"',
      'model_providers.mock.requires_openai_auth=false',
      'model_providers.mock.request_max_retries=0',
      'model_providers.mock.stream_max_retries=0',
      'features.plugins=false',
    ]);
  });
});
