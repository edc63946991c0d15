import type { CodexConfig } from '../config/config-arguments.js';

/** Settings that make codex talk to a mock model and to nothing else: no login, no account, no plugins. */
export function mockModelConfig(url: string): CodexConfig {
  return {
    model: 'mock-model',
    model_provider: 'mock',
    model_providers: {
      mock: {
        name: 'mock',
        base_url: url,
        wire_api: 'responses',
        requires_openai_auth: false,
        // What fails is to fail at once.
        request_max_retries: 0,
        stream_max_retries: 0,
      },
    },
    // Else it asks a server of the internet for them when it starts.
    features: { plugins: false },
  };
}
