import { Observable, of } from 'rxjs';

import type { Handlers } from '../server/index.js';
import type { Agent } from './agent.js';
import { answerThen } from './answer-then.js';
import type { AppServerContract } from './app-server-contract.js';
import { invalidRequest } from './invalid-request.js';
import type { LoadedThreads } from './loaded-threads.js';
import type { ThreadHost } from './thread-host.js';
import { TurnRun } from './turn-run.js';

type TurnMethod = 'turn/start' | 'turn/steer' | 'turn/interrupt';

/**
 * Serves the turns of loaded threads.
 *
 * @internal
 */
export function turnHandlers(
  host: ThreadHost,
  threads: LoadedThreads,
  agent: Agent,
): Pick<Handlers<AppServerContract>, TurnMethod> {
  return {
    'turn/start': ({ threadId, input, model }, { connection }) => {
      const thread = threads.find(threadId);
      threads.mustGoOn();
      thread.watch(connection);
      const running = thread.turn;
      if (running !== undefined) {
        return answerThen(of({ turn: running.toTurn('notLoaded') }), () => {
          if (!running.isRunning || running.addInput(input)) return;
          const message = 'the agent takes no input while a turn runs: the new input was ignored';
          host.server.notify(thread.audience, 'warning', { threadId, message });
        });
      }
      if (typeof model === 'string') thread.settings = { ...thread.settings, model };
      const turn = new TurnRun(host, thread, agent, input);
      thread.enter(turn);
      return new Observable((subscriber) => {
        thread.step(() => {
          subscriber.next({ turn: turn.toTurn('notLoaded') });
          subscriber.complete();
          turn.begin();
        });
      });
    },

    'turn/steer': ({ threadId, expectedTurnId, input }) => {
      const { turn } = threads.find(threadId);
      if (turn === undefined) throw invalidRequest('no active turn to steer');
      if (turn.id !== expectedTurnId) {
        throw invalidRequest(`expected active turn id \`${expectedTurnId}\` but found \`${turn.id}\``);
      }
      if (input.length === 0) throw invalidRequest('input must not be empty');
      if (!turn.addInput(input)) throw invalidRequest('cannot steer this turn: its agent takes no input while it runs');
      return { turnId: turn.id };
    },

    'turn/interrupt': ({ threadId, turnId }) => {
      const { turn } = threads.find(threadId);
      if (turn === undefined) throw invalidRequest('no active turn to interrupt');
      if (turn.id !== turnId) throw invalidRequest(`expected active turn id ${turnId} but found ${turn.id}`);
      return answerThen(of({}), () => {
        turn.end('interrupted');
      });
    },
  };
}
