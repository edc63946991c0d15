import { concat, ignoreElements, of, tap } from 'rxjs';

import type { Agent, AgentEvent } from '../../src/app-server/index.js';
import { answerQuestions } from '../../src/cli/answer-questions.js';
import { connect } from '../../src/client/index.js';
import { codexContract } from '../../src/codex/index.js';
import { inProcessWires } from '../../src/in-process/index.js';
import { appOf } from '../app-server/app-harness.js';
import { fakeTerminal, type FakeTerminal } from './fake-terminal.js';
import { peerOf, startThread, startTurn } from './peer-of.js';

/** How an agent's question is answered. */
function answers(yes: boolean, terminal: FakeTerminal): unknown[] {
  const seen: unknown[] = [];
  const agent: Agent = ({ requestApproval }) =>
    concat(
      of<AgentEvent>({ type: 'itemStarted', item: { type: 'commandExecution', id: 'c', command: 'ls' } }),
      requestApproval({ itemId: 'c', command: 'ls' }).pipe(
        tap((decision) => seen.push(decision)),
        ignoreElements(),
      ),
    );
  const client = peerOf(appOf({ agent }));
  answerQuestions(client, yes, terminal);
  startTurn(client, startThread(client));
  return seen;
}

const ITEM = { threadId: 't', turnId: 'u', itemId: 'i' };

/** What a codex hears that asks these, each with its place in the list as id. */
function asked(
  questions: readonly { method: string; params: object }[],
  { yes = false, lines = [] as readonly string[], terminal = fakeTerminal({ canAsk: true }) } = {},
): { answers: unknown[]; terminal: FakeTerminal } {
  const heard: unknown[] = [];
  const [clientWire, codexWire] = inProcessWires();
  codexWire.inbound$.subscribe((message) => {
    const { id, result, error } = message as { id?: number; result?: unknown; error?: { code: number } };
    if (result !== undefined || error !== undefined) heard.push([id, result ?? error?.code]);
  });
  const client = connect(clientWire, { ...codexContract, handshake: undefined } as unknown as typeof codexContract);
  answerQuestions(client, yes, terminal);
  questions.forEach((question, id) => codexWire.send({ id, ...question }));
  for (const line of lines) terminal.type(line);
  return { answers: heard, terminal };
}

describe('the answers to questions', () => {
  it('are yes when that was said beforehand', () => {
    const terminal = fakeTerminal();
    expect(answers(true, terminal)).toEqual(['accept']);
    expect(terminal.errors()).toBe('');
  });

  it('are no when there is nobody to ask', () => {
    expect(answers(false, fakeTerminal())).toEqual(['decline']);
  });

  it.each([
    ['item/commandExecution/requestApproval', { ...ITEM, command: 'ls' }, 'ls\nRun it?'],
    ['item/commandExecution/requestApproval', { ...ITEM, reason: 'needs the net' }, 'needs the net\nRun it?'],
    ['item/fileChange/requestApproval', { ...ITEM, grantRoot: '/src' }, '/src\nChange it?'],
    ['item/fileChange/requestApproval', ITEM, 'these files\nChange it?'],
  ])('are the user’s: %s', (method, params, text) => {
    const { answers, terminal } = asked([{ method, params }], { lines: ['a'] });
    expect(answers).toEqual([[0, { decision: 'acceptForSession' }]]);
    expect(terminal.errors()).toContain(text);
  });

  it.each([
    ['y', { permissions: { network: true }, scope: 'turn' }],
    ['a', { permissions: { network: true }, scope: 'session' }],
    ['n', { permissions: {}, scope: 'turn' }],
  ])('grant what was asked for, or nothing: %s', (line, result) => {
    const params = { ...ITEM, permissions: { network: true } };
    const { answers, terminal } = asked([{ method: 'item/permissions/requestApproval', params }], { lines: [line] });
    expect(answers).toEqual([[0, result]]);
    expect(terminal.errors()).toContain('{"network":true}\nAllow it?');
  });

  it('refuse what is no yes and no no, whatever was said beforehand', () => {
    const question = { method: 'item/tool/requestUserInput', params: { ...ITEM, questions: [] } };
    expect(asked([question], { yes: true }).answers).toEqual([[0, -32600]]);
  });

  it('come one after the other', () => {
    const question = (command: string) => ({
      method: 'item/commandExecution/requestApproval',
      params: { ...ITEM, command },
    });
    const terminal = fakeTerminal({ canAsk: true });
    const { answers } = asked([question('one'), question('two')], { lines: ['y'], terminal });
    expect(answers).toEqual([[0, { decision: 'accept' }]]);
    expect(terminal.errors()).toMatch(/^one\nRun it.*: two\nRun it.*: $/);
    terminal.type('n');
    expect(answers.at(-1)).toEqual([1, { decision: 'decline' }]);
  });
});
