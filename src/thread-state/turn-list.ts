import { jsonObject } from './json-object.js';
import { sameValue } from './same-value.js';
import type { ThreadState, TurnError, TurnState } from './thread-state.js';

type Turns = ThreadState['turns'];

/** Whether this turn has come to its end. One that nobody has told of yet has not. */
export function isEnded(turns: Turns, id: unknown): boolean {
  const turn = turns.find((known) => known.id === id);
  return turn !== undefined && turn.status !== 'inProgress';
}

/** A turn as the server tells it; undefined if it is none. */
export function turnOf(value: unknown): TurnState | undefined {
  const { id, status, error, durationMs } = jsonObject(value);
  if (typeof id !== 'string') return undefined;
  return {
    id,
    status: typeof status === 'string' ? status : 'inProgress',
    error: turnError(error),
    durationMs: typeof durationMs === 'number' ? durationMs : undefined,
  };
}

/** An error as the server tells it; undefined if it has no message. */
export function turnError(value: unknown): TurnError | undefined {
  return typeof jsonObject(value)['message'] === 'string' ? (value as TurnError) : undefined;
}

/** The list with this turn changed, or added at the end; the list itself if that changes nothing. */
export function withTurn(turns: Turns, turn: TurnState): Turns {
  const known = turns.find(({ id }) => id === turn.id);
  if (known === undefined) return [...turns, turn];
  if (sameValue(known, turn)) return turns;
  return turns.map((other) => (other === known ? turn : other));
}
