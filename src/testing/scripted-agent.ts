import { defer, from, isObservable, type Observable } from 'rxjs';

import type { Agent, AgentEvent, TurnContext } from '../app-server/index.js';

/** What a scripted agent reports: events to emit at once, a stream of them (`cold()` in a marble spec), or either by turn. */
export type AgentScript =
  | readonly AgentEvent[]
  | Observable<AgentEvent>
  | ((turn: TurnContext, index: number) => readonly AgentEvent[] | Observable<AgentEvent>);

/** An agent that remembers the turns it was given. */
export interface ScriptedAgent extends Agent {
  /** The contexts of its turns, in order. */
  readonly turns: readonly TurnContext[];
}

/**
 * An agent that plays a script, so that a spec decides what a turn does and when.
 *
 * - Subscribers: each turn subscribes the script anew. - On unsubscribe: so is the script's observable, which is how a
 * spec sees an interrupt.
 *
 * @example An agent that says one word at frame 2
 * ```ts
 * const agent = scriptedAgent(cold('--(sdc|)', {
 *   s: { type: 'itemStarted', item: { type: 'agentMessage', id: 'm1' } },
 *   d: { type: 'delta', itemId: 'm1', delta: 'hello' },
 *   c: { type: 'itemCompleted', itemId: 'm1' },
 * }));
 * const server = createAppServer({ agent });
 * ```
 * @experimental It follows `rx-sluice/app-server`.
 */
export function scriptedAgent(script: AgentScript): ScriptedAgent {
  const turns: TurnContext[] = [];
  const agent: Agent = (turn) =>
    defer(() => {
      const index = turns.push(turn) - 1;
      const played = typeof script === 'function' ? script(turn, index) : script;
      return isObservable(played) ? played : from(played);
    });
  return Object.assign(agent, { turns });
}
