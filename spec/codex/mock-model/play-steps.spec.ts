import { ask, eventsOf, played } from './ask-model.js';
import { startMockModel } from '../../../src/codex/index.js';

const types = (events: readonly { readonly type: string }[]): string[] => events.map(({ type }) => type);

describe('playSteps', () => {
  it('says a text in pieces and then as a whole', async () => {
    const events = await played(() => [{ type: 'say', pieces: ['He', 'llo'], delay: 1 }]);
    expect(types(events)).toEqual([
      'response.created',
      'response.output_item.added',
      'response.output_text.delta',
      'response.output_text.delta',
      'response.output_item.done',
      'response.completed',
    ]);
    expect(events.map((event) => event.sequence_number)).toEqual([0, 1, 2, 3, 4, 5]);
    expect(events[4]).toMatchObject({ item: { type: 'message', content: [{ type: 'output_text', text: 'Hello' }] } });
  });

  it('thinks in a summary', async () => {
    const events = await played(() => [{ type: 'think', pieces: ['h', 'm'] }]);
    expect(types(events).slice(1, -1)).toEqual([
      'response.output_item.added',
      'response.reasoning_summary_part.added',
      'response.reasoning_summary_text.delta',
      'response.reasoning_summary_text.delta',
      'response.output_item.done',
    ]);
    expect(events[5]).toMatchObject({ item: { summary: [{ type: 'summary_text', text: 'hm' }] } });
  });

  it.each([
    [[], 'exec_command', { cmd: 'ls', yield_time_ms: 30_000 }],
    [['shell', 'exec_command'], 'exec_command', { cmd: 'ls', yield_time_ms: 30_000 }],
    [['shell_command'], 'shell_command', { command: 'ls' }],
    [['local_shell'], 'local_shell', { command: ['bash', '-lc', 'ls'] }],
  ])('wants a command run by the likeliest tool there is: %j', async (tools, name, parameters) => {
    const events = await played(() => [{ type: 'run', command: 'ls' }], tools);
    const { item } = events[2] as unknown as { readonly item: { readonly name: string; readonly arguments: string } };
    expect([item.name, JSON.parse(item.arguments)]).toEqual([name, parameters]);
  });

  it('may want it outside the sandbox', async () => {
    const [, , done] = await played(() => [{ type: 'run', command: 'ls', escalate: true }]);
    const { item } = done as unknown as { readonly item: { readonly arguments: string } };
    expect(JSON.parse(item.arguments)).toMatchObject({ cmd: 'ls', sandbox_permissions: 'require_escalated' });
  });

  it('breaks off in the middle, and says nothing further', async () => {
    const model = await startMockModel({
      script: () => [{ type: 'say', pieces: ['x'] }, { type: 'cut' }, { type: 'say', pieces: ['never'] }],
    });
    const answer = await ask(model);
    const text = answer.text();
    await expect(text).rejects.toThrow('terminated');
    await model.close();
  });

  it('hangs until its reader leaves', async () => {
    const model = await startMockModel({ script: () => [{ type: 'say', pieces: ['x'] }, { type: 'hang' }] });
    const leaving = new AbortController();
    const { body } = await ask(model, [], leaving.signal);
    const reader = body?.getReader();
    let text = '';
    while (!text.includes('output_item.done')) text += new TextDecoder().decode((await reader?.read())?.value);
    expect(types(eventsOf(text)).at(-1)).toBe('response.output_item.done');
    leaving.abort();
    await model.close();
  });
});
