import { readModelRequest } from '../../../src/codex/mock-model/read-model-request.js';

const user = (text: string): object => ({ type: 'message', role: 'user', content: [{ type: 'input_text', text }] });

describe('readModelRequest', () => {
  it('finds the newest words of the user, and what the tools said since', () => {
    const input = [
      user('first'),
      { type: 'function_call_output', call_id: 'old', output: 'of an earlier turn' },
      user('second'),
      { type: 'function_call', name: 'exec_command' },
      { type: 'function_call_output', call_id: 'new', output: 'done' },
      { type: 'custom_tool_call_output', output: { content: 1 } },
    ];
    expect(readModelRequest({ input, tools: [{ name: 'exec_command' }, { type: 'web_search' }, {}] }, 3)).toEqual({
      text: 'second',
      toolOutputs: ['done', '{"content":1}'],
      tools: ['exec_command', 'web_search', ''],
      index: 3,
    });
  });

  it('takes content that is one text, messages without a type, and what is not there', () => {
    expect(readModelRequest({ input: [{ role: 'user', content: 'hi' }] }, 0)).toMatchObject({ text: 'hi' });
    expect(readModelRequest({}, 0)).toEqual({ text: '', toolOutputs: [], tools: [], index: 0 });
  });
});
