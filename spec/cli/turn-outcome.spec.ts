import { lagged } from '../../src/backpressure/index.js';
import type { PeerEvent } from '../../src/cli/peer.js';
import { TurnOutcome } from '../../src/cli/turn-outcome.js';

const ofTurn = { threadId: 't', turnId: 'u' };

function turnEnded(status: 'completed' | 'interrupted' | 'failed'): PeerEvent {
  const turn = { id: 'u', items: [], itemsView: 'notLoaded' as const, status, error: null };
  const times = { startedAt: null, completedAt: null, durationMs: null };
  return {
    type: 'notification',
    method: 'turn/completed',
    params: { threadId: 't', turn: { ...turn, ...times } },
    seq: 2,
  };
}

function commandEnded(status: 'completed' | 'failed' | 'declined', exitCode: number | null): PeerEvent {
  const item = {
    type: 'commandExecution' as const,
    id: 'c',
    command: 'ls',
    cwd: '/',
    processId: null,
    status,
    exitCode,
  };
  return {
    type: 'notification',
    method: 'item/completed',
    params: { ...ofTurn, item: { ...item, aggregatedOutput: null, durationMs: null }, completedAtMs: 1 },
    seq: 1,
  };
}

const outcomeOf = (isCommand: boolean, ...events: readonly PeerEvent[]): TurnOutcome => {
  const outcome = new TurnOutcome(isCommand);
  for (const event of events) outcome.note(event);
  return outcome;
};

describe('the outcome of a turn that is a command', () => {
  it.each([
    ['completed', 'completed', 0, 0, 'turn completed: command completed, exit code 0'],
    ['failed', 'completed', 7, 1, 'turn completed: command failed, exit code 7'],
    ['declined', 'completed', null, 3, 'turn completed: command declined'],
    ['declined', 'interrupted', null, 3, 'turn interrupted: command declined'],
    ['failed', 'failed', null, 4, 'turn failed: command failed'],
  ] as const)('with command %s and turn %s', (command, turn, exitCode, code, line) => {
    const outcome = outcomeOf(true, commandEnded(command, exitCode), turnEnded(turn));
    expect([outcome.exitCode, outcome.line, outcome.status]).toEqual([code, line, turn]);
  });

  it('is a failed turn while no end was seen', () => {
    const outcome = outcomeOf(true, commandEnded('completed', 0));
    outcome.note(lagged(3));
    expect([outcome.exitCode, outcome.line, outcome.status]).toEqual([4, 'the turn did not end', null]);
  });

  it('needs no command', () => {
    expect(outcomeOf(true, turnEnded('completed'))).toMatchObject({ exitCode: 0, line: 'turn completed' });
  });
});

describe('the outcome of an agent’s turn', () => {
  it('does not depend on the commands it ran on its way', () => {
    const outcome = outcomeOf(false, commandEnded('failed', 7), turnEnded('completed'));
    expect([outcome.exitCode, outcome.line]).toEqual([0, 'turn completed']);
  });
});
