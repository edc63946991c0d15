import type { EventStream } from './event-stream.js';
import type { ModelRequest, ModelStep } from './model-script.js';

/** The tools codex may offer to run a command with, the likeliest first. */
const SHELLS = ['exec_command', 'shell_command', 'shell', 'local_shell'];

/** Milliseconds after which codex tells what a command has said so far, if it has not ended. It allows no more. */
const YIELD = 30_000;

/**
 * Streams one answer of the Responses API: the steps of a script, each as an item of its output.
 *
 * Only the events codex reads are sent.
 */
export async function playSteps(steps: Iterable<ModelStep>, request: ModelRequest, stream: EventStream): Promise<void> {
  const id = `resp_mock_${request.index}`;
  await stream.send('response.created', { response: { id, object: 'response', status: 'in_progress', output: [] } });
  let output = 0;
  for (const step of steps) {
    if (stream.isClosed) return;
    await playStep(step, request, stream, output);
    output += 1;
  }
  if (stream.isClosed) return;
  const usage = {
    input_tokens: 10,
    input_tokens_details: { cached_tokens: 0 },
    output_tokens: output,
    output_tokens_details: { reasoning_tokens: 0 },
    total_tokens: 10 + output,
  };
  const response = { id, object: 'response', status: 'completed', output: [], usage };
  await stream.send('response.completed', { response });
  await stream.end();
}

async function playStep(step: ModelStep, request: ModelRequest, stream: EventStream, output: number): Promise<void> {
  const name = `mock_${request.index}_${output}`;
  switch (step.type) {
    case 'say':
      await say(step, `msg_${name}`, stream, output);
      return;
    case 'think':
      await think(step, `rs_${name}`, stream, output);
      return;
    case 'run': {
      const tool = SHELLS.find((shell) => request.tools.includes(shell)) ?? 'exec_command';
      await call(tool, shellArguments(tool, step), name, stream, output);
      return;
    }
    case 'wait':
      await call('write_stdin', { session_id: step.session, chars: '', yield_time_ms: YIELD }, name, stream, output);
      return;
    case 'hang':
      await stream.untilClosed();
      return;
    case 'cut':
      await stream.cut();
      return;
    case 'fail':
      throw new TypeError('a model fails before it says anything: `fail` has to be the first step');
  }
}

/** Asks for a tool. */
async function call(tool: string, args: object, name: string, stream: EventStream, output: number): Promise<void> {
  const item = { type: 'function_call', id: `fc_${name}`, call_id: `call_${name}`, name: tool, arguments: '' };
  await stream.send('response.output_item.added', { output_index: output, item });
  await stream.send('response.output_item.done', {
    output_index: output,
    item: { ...item, arguments: JSON.stringify(args) },
  });
}

async function say(
  { pieces, delay = 0 }: ModelStep & { readonly type: 'say' },
  id: string,
  stream: EventStream,
  output: number,
): Promise<void> {
  const message = { type: 'message', id, role: 'assistant' };
  const added = { ...message, status: 'in_progress', content: [] };
  await stream.send('response.output_item.added', { output_index: output, item: added });
  let text = '';
  for (const delta of pieces) {
    text += delta;
    await stream.send('response.output_text.delta', { item_id: id, output_index: output, content_index: 0, delta });
    if (delay > 0) await stream.pause(delay);
    if (stream.isClosed) return;
  }
  const done = { ...message, status: 'completed', content: [{ type: 'output_text', text, annotations: [] }] };
  await stream.send('response.output_item.done', { output_index: output, item: done });
}

async function think(
  { pieces }: ModelStep & { readonly type: 'think' },
  id: string,
  stream: EventStream,
  output: number,
): Promise<void> {
  const place = { item_id: id, output_index: output, summary_index: 0 };
  const item = { type: 'reasoning', id, summary: [] };
  await stream.send('response.output_item.added', { output_index: output, item });
  await stream.send('response.reasoning_summary_part.added', { ...place, part: { type: 'summary_text', text: '' } });
  let text = '';
  for (const delta of pieces) {
    text += delta;
    await stream.send('response.reasoning_summary_text.delta', { ...place, delta });
  }
  const done = { ...item, summary: [{ type: 'summary_text', text }] };
  await stream.send('response.output_item.done', { output_index: output, item: done });
}

function shellArguments(tool: string, { command, escalate = false }: ModelStep & { readonly type: 'run' }): object {
  const why = escalate
    ? { sandbox_permissions: 'require_escalated', justification: 'the script wants it outside the sandbox' }
    : {};
  if (tool === 'exec_command') return { cmd: command, yield_time_ms: YIELD, ...why };
  return { command: tool === 'shell_command' ? command : ['bash', '-lc', command], ...why };
}
