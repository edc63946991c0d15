import { isLagged, type Lagged } from '../backpressure/index.js';
import type { ExitCode } from './exit-code.js';
import type { PeerEvent } from './peer.js';

/**
 * An event as one line of JSON: `{"type", "method", "params", "seq"}`, a question with its `id`, a gap as
 * `{"type": "lagged", "skipped"}`. Members may be added one day; these stay.
 */
export function eventLine(event: PeerEvent | Lagged): string {
  if (isLagged(event)) return line(event);
  const { type, method, params, seq } = event;
  return line(
    event.type === 'serverRequest' ? { type, id: event.id, method, params, seq } : { type, method, params, seq },
  );
}

/** The last line: how the turn ended, if it did, what else went wrong, and the exit code. */
export function endLine(end: {
  readonly status: string | null;
  readonly error: string | null;
  readonly exitCode: ExitCode;
}): string {
  const { status, error, exitCode } = end;
  return line({ type: 'end', status, error, exitCode });
}

function line(value: unknown): string {
  return `${JSON.stringify(value)}\n`;
}
