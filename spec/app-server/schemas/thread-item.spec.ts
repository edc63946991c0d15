import { CommandExecutionItem, ThreadItem, UserInput } from '../../../src/app-server/index.js';

const command = {
  type: 'commandExecution',
  id: 'c',
  command: 'ls',
  cwd: '/',
  processId: null,
  status: 'inProgress',
  aggregatedOutput: null,
  exitCode: null,
  durationMs: null,
};

describe('item schemas', () => {
  it('accept the known items, with what a newer server adds', () => {
    expect(ThreadItem.safeParse({ ...command, source: 'agent', commandActions: [] }).success).toBe(true);
    expect(ThreadItem.safeParse({ type: 'agentMessage', id: 'm', text: '', phase: null }).success).toBe(true);
    expect(ThreadItem.safeParse({ type: 'userMessage', id: 'u', content: [{ type: 'text', text: 'x' }] }).success).toBe(
      true,
    );
    expect(CommandExecutionItem.safeParse({ ...command, startedAtMs: null, completedAtMs: 2 }).success).toBe(true);
  });

  it('let an item of an unknown type pass and refuse a known one that is wrong', () => {
    expect(ThreadItem.safeParse({ type: 'hologram', id: 'h', depth: 3 }).success).toBe(true);
    expect(ThreadItem.safeParse({ ...command, status: 'odd' }).success).toBe(false);
    expect(ThreadItem.safeParse({ type: 'agentMessage', id: 'm' }).success).toBe(false);
    expect(ThreadItem.safeParse({ type: 'hologram' }).success).toBe(false);
  });

  it('take input of any kind that has a type', () => {
    expect(UserInput.safeParse({ type: 'image', url: 'x' }).success).toBe(true);
    expect(UserInput.safeParse({ text: 'x' }).success).toBe(false);
  });
});
