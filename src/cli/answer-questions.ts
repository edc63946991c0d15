import { map, type Observable, of, throwError } from 'rxjs';

import type { ApprovalDecision } from '../app-server/index.js';
import type { Client } from '../client/index.js';
import { ErrorCode, RpcError } from '../protocol/index.js';
import { askOnTerminal, type Deed } from './approval-prompt.js';
import { OneAtATime } from './one-at-a-time.js';
import type { PeerContract } from './peer.js';
import type { Terminal } from './terminal.js';

/**
 * Answers a server's questions: with yes, or as the user on the terminal says, one after the other.
 *
 * What cannot be answered by a yes or a no is refused, and the server goes on without it.
 */
export function answerQuestions(client: Client<PeerContract>, yes: boolean, terminal: Terminal): void {
  const line = new OneAtATime();
  const decide = (verb: Deed['verb'], object: string): Observable<ApprovalDecision> =>
    yes ? of('accept') : line.inTurn(askOnTerminal(terminal, { verb, object }));

  client.handle('item/commandExecution/requestApproval', ({ command, reason }) =>
    decide('run', command ?? reason ?? 'a command').pipe(map((decision) => ({ decision }))),
  );
  client.handle('item/fileChange/requestApproval', ({ reason, grantRoot }) =>
    decide('change', reason ?? grantRoot ?? 'these files').pipe(map((decision) => ({ decision }))),
  );
  client.handle('item/permissions/requestApproval', ({ permissions, reason }) =>
    decide('allow', reason ?? JSON.stringify(permissions)).pipe(
      map((decision) => ({
        permissions: decision === 'accept' || decision === 'acceptForSession' ? permissions : {},
        scope: decision === 'acceptForSession' ? 'session' : 'turn',
      })),
    ),
  );
  client.handle('item/tool/requestUserInput', () =>
    throwError(() => new RpcError(ErrorCode.InvalidRequest, 'this client answers by yes or no only')),
  );
}
