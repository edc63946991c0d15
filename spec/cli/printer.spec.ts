import { concat, ignoreElements, NEVER, of } from 'rxjs';

import type { Agent, AgentEvent } from '../../src/app-server/index.js';
import { lagged } from '../../src/backpressure/index.js';
import { Printer } from '../../src/cli/printer.js';
import { scriptedAgent } from '../../src/testing/scripted-agent.js';
import { appOf } from '../app-server/app-harness.js';
import { fakeTerminal } from './fake-terminal.js';
import { peerOf, startThread, startTurn } from './peer-of.js';

/** What is printed of a turn that runs one command with this output, and of a line behind it. */
function printed(deltas: readonly string[], options: { hasColors?: boolean } = {}): string {
  const terminal = fakeTerminal({ hasColors: options.hasColors ?? false });
  const printer = new Printer(terminal);
  const agent = scriptedAgent([
    { type: 'itemStarted', item: { type: 'commandExecution', id: 'c', command: 'ls' } },
    ...deltas.map((delta) => ({ type: 'delta' as const, itemId: 'c', delta })),
    { type: 'itemCompleted', itemId: 'c', outcome: { exitCode: 0 } },
  ]);
  const client = peerOf(appOf({ agent }));
  client.events$.subscribe((event) => printer.show(event));
  startTurn(client, startThread(client));
  printer.line('.', 'note');
  return terminal.out();
}

describe('Printer', () => {
  it('shows the command and its output', () => {
    expect(printed(['one\n', 'two\n'])).toBe('$ ls\none\ntwo\n.\n');
    expect(printed([])).toBe('$ ls\n.\n');
  });

  it('keeps its own lines apart from the output where it is told to', () => {
    const terminal = fakeTerminal();
    const printer = new Printer(terminal, (text) => terminal.writeError(text));
    printer.show(lagged(2));
    printer.show({
      type: 'notification',
      method: 'item/agentMessage/delta',
      params: { threadId: 't', turnId: 'u', itemId: 'i', delta: 'half' },
      seq: 1,
    });
    printer.line('done', 'note');
    expect([terminal.out(), terminal.errors()]).toEqual(['half', '… 2 events skipped\n\ndone\n']);
  });

  it('starts a line of its own where the output ended in the middle of one', () => {
    expect(printed(['one'])).toBe('$ ls\none\n.\n');
  });

  it('shows a command that says nothing as soon as the question about it is settled', () => {
    const terminal = fakeTerminal();
    const printer = new Printer(terminal);
    const silent: Agent = ({ requestApproval }) =>
      concat(
        of<AgentEvent>({ type: 'itemStarted', item: { type: 'commandExecution', id: 'c', command: 'sleep 60' } }),
        requestApproval({ itemId: 'c', command: 'sleep 60' }).pipe(ignoreElements()),
        NEVER,
      );
    const client = peerOf(appOf({ agent: silent }));
    client.events$.subscribe((event) => printer.show(event));
    startTurn(client, startThread(client));
    expect(terminal.out()).toBe('');
    for (const question of client.openRequests()) client.respond(question.id, { decision: 'accept' });
    expect(terminal.out()).toBe('$ sleep 60\n');
  });

  it.each([
    ['whole', [], 'one\ntwo\n', '$ ls\none\ntwo\n'],
    ['once', ['one\n'], 'one\n', '$ ls\none\n'],
    ['not at all where a gap was told', [lagged(2)], 'one\n', '… 2 events skipped\n'],
  ])('shows what a command said only at its end: %s', (_, between, aggregatedOutput, text) => {
    const terminal = fakeTerminal();
    const printer = new Printer(terminal);
    const command = { type: 'commandExecution' as const, id: 'c', command: 'ls', cwd: '/' };
    const ofItem = { threadId: 't', turnId: 'u', itemId: 'c' };
    printer.show({
      type: 'notification',
      method: 'item/started',
      params: { ...ofItem, item: { ...command, status: 'inProgress' } },
      seq: 1,
    });
    for (const next of between) {
      if (typeof next !== 'string') printer.show(next);
      else {
        const params = { ...ofItem, delta: next };
        printer.show({ type: 'notification', method: 'item/commandExecution/outputDelta', params, seq: 2 });
      }
    }
    printer.show({
      type: 'notification',
      method: 'item/completed',
      params: { ...ofItem, item: { ...command, status: 'completed', aggregatedOutput } },
      seq: 3,
    });
    expect(terminal.out()).toContain(text);
    expect(terminal.out().match(/one/g)?.length ?? 0).toBe(text.includes('one') ? 1 : 0);
  });

  it('shows which files are changed', () => {
    const terminal = fakeTerminal();
    const printer = new Printer(terminal);
    const changes = ['a.ts', 'b.ts'].map((path) => ({ path, diff: '' }));
    for (const [method, status] of [
      ['item/started', 'inProgress'],
      ['item/completed', 'completed'],
    ] as const) {
      const item = { type: 'fileChange' as const, id: 'f', changes, status };
      printer.show({ type: 'notification', method, params: { threadId: 't', turnId: 'u', item }, seq: 1 });
    }
    expect(terminal.out()).toBe('changes a.ts, b.ts\n');
  });

  it('shows a gap as a line, wherever it falls', () => {
    const terminal = fakeTerminal();
    const printer = new Printer(terminal);
    printer.show(lagged(1_234));
    printer.show({
      type: 'notification',
      method: 'item/agentMessage/delta',
      params: { threadId: 't', turnId: 'u', itemId: 'i', delta: 'half' },
      seq: 1,
    });
    printer.show(lagged(2));
    expect(terminal.out()).toBe('… 1,234 events skipped\nhalf\n… 2 events skipped\n');
  });

  it('colours its own lines and nothing else, and only if it may', () => {
    expect(printed(['x\n'], { hasColors: true })).toBe('\u001b[2m$ ls\u001b[0m\nx\n\u001b[2m.\u001b[0m\n');
    expect(printed(['x\n'])).not.toContain('\u001b');
  });

  it('shows warnings and errors, and a turn without a command', () => {
    const terminal = fakeTerminal();
    const printer = new Printer(terminal);
    const agent = scriptedAgent([
      { type: 'warning', message: 'careful' },
      { type: 'retrying', message: 'again' },
      { type: 'itemStarted', item: { type: 'agentMessage', id: 'm' } },
      { type: 'delta', itemId: 'm', delta: '' },
      { type: 'itemCompleted', itemId: 'm' },
    ]);
    const client = peerOf(appOf({ agent }));
    client.events$.subscribe((event) => printer.show(event));
    startTurn(client, startThread(client));
    expect(terminal.out()).toBe('warning: careful\nerror: again\n');
  });
});
