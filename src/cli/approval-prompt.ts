import { concatMap, defaultIfEmpty, defer, EMPTY, map, type Observable, of, take, takeLast, tap } from 'rxjs';

import type { ApprovalDecision } from '../app-server/index.js';
import type { Terminal } from './terminal.js';

const ANSWERS: Readonly<Record<string, ApprovalDecision>> = {
  y: 'accept',
  yes: 'accept',
  a: 'acceptForSession',
  always: 'acceptForSession',
  n: 'decline',
  no: 'decline',
  c: 'cancel',
  cancel: 'cancel',
};

/** What may be done, and to what. */
export interface Deed {
  readonly verb: 'run' | 'change' | 'allow';
  readonly object: string;
}

/**
 * Asks on the terminal whether something may be done, until the answer makes sense.
 *
 * Without a terminal it declines and says how to accept. The end of the input is a no as well.
 */
export function askOnTerminal(terminal: Terminal, { verb, object }: Deed): Observable<ApprovalDecision> {
  const { lines$ } = terminal;
  if (lines$ === undefined) {
    return defer(() => {
      terminal.writeError(
        `declined: there is no terminal to ask on whether to ${verb} "${object}"; --yes accepts it\n`,
      );
      return of<ApprovalDecision>('decline');
    });
  }
  const question = `${verb.charAt(0).toUpperCase()}${verb.slice(1)} it? [y]es, [a]lways, [n]o, [c]ancel the turn: `;
  return defer(() => {
    terminal.writeError(`${object}\n${question}`);
    return lines$.pipe(
      map((line) => ANSWERS[line.trim().toLowerCase()]),
      concatMap((decision) => {
        if (decision !== undefined) return of(decision);
        terminal.writeError(question);
        return EMPTY;
      }),
      take(1),
      defaultIfEmpty<ApprovalDecision, undefined>(undefined),
      map((decision) => {
        if (decision === undefined) terminal.writeError('\n');
        return decision ?? 'decline';
      }),
      tap({
        unsubscribe: () => {
          terminal.writeError('\n');
        },
      }),
      // Whoever leaves when he has the answer has not taken the question back.
      takeLast(1),
    );
  });
}
