import type { ModelRequest } from './model-script.js';

/** What of a request's body is read; the rest is none of a mock's business. */
interface RequestBody {
  readonly input?: readonly InputItem[];
  readonly tools?: readonly { readonly name?: string; readonly type?: string }[];
}

interface InputItem {
  readonly type?: string;
  readonly role?: string;
  readonly content?: string | readonly { readonly text?: string }[];
  readonly output?: unknown;
}

/** Reads the body of a request to the Responses API. */
export function readModelRequest(body: unknown, index: number): ModelRequest {
  const { input = [], tools = [] } = body as RequestBody;
  const latest = input.map(({ type = 'message', role }) => type === 'message' && role === 'user').lastIndexOf(true);
  return {
    text: textOf(input[latest]?.content),
    toolOutputs: input.slice(latest + 1).flatMap(({ type, output }) => {
      if (type?.endsWith('_call_output') !== true) return [];
      return [typeof output === 'string' ? output : JSON.stringify(output)];
    }),
    tools: tools.map(({ name, type }) => name ?? type ?? ''),
    index,
  };
}

function textOf(content: InputItem['content']): string {
  if (typeof content === 'string') return content;
  return (content ?? []).map(({ text = '' }) => text).join('');
}
