import { concat, ignoreElements, of, tap } from 'rxjs';

import type { Agent, AgentEvent } from '../../src/app-server/index.js';
import { answerQuestions } from '../../src/cli/answer-questions.js';
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

describe('the answers to questions', () => {
  it('are yes when that was said beforehand', () => {
    const terminal = fakeTerminal();
    expect(answers(true, terminal)).toEqual(['accept']);
    expect(terminal.errors()).toBe('');
  });

  it('are no when there is nobody to ask', () => {
    expect(answers(false, fakeTerminal())).toEqual(['decline']);
  });
});
