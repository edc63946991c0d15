import { type MockModel, type ModelScript, startMockModel } from '../../../src/codex/index.js';

/** An event of the answer. */
export interface Said {
  readonly type: string;
  readonly sequence_number: number;
  readonly [member: string]: unknown;
}

/** Asks a model as codex does. */
export function ask({ url }: MockModel, tools: readonly string[] = [], signal?: AbortSignal): Promise<Response> {
  const input = [{ type: 'message', role: 'user', content: [{ type: 'input_text', text: 'hi' }] }];
  const body = JSON.stringify({ model: 'mock-model', stream: true, input, tools: tools.map((name) => ({ name })) });
  return fetch(`${url}/responses`, { method: 'POST', body, ...(signal !== undefined && { signal }) });
}

/** The events of an answer. */
export function eventsOf(text: string): Said[] {
  return text
    .split('\n\n')
    .filter((event) => event !== '')
    .map((event) => JSON.parse(/^event: .+\ndata: (.+)$/.exec(event)?.[1] ?? '') as Said);
}

/** What a script makes a model say, once. */
export async function played(script: ModelScript, tools: readonly string[] = []): Promise<Said[]> {
  const model = await startMockModel({ script });
  try {
    return eventsOf(await (await ask(model, tools)).text());
  } finally {
    await model.close();
  }
}
