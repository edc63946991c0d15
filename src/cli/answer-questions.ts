import { map, of } from 'rxjs';

import type { Client } from '../client/index.js';
import { askOnTerminal } from './approval-prompt.js';
import type { PeerContract } from './peer.js';
import type { Terminal } from './terminal.js';

/** Answers a server's questions: with yes, or as the user on the terminal says. */
export function answerQuestions(client: Client<PeerContract>, yes: boolean, terminal: Terminal): void {
  client.handle('item/commandExecution/requestApproval', ({ command }) =>
    (yes ? of('accept' as const) : askOnTerminal(terminal, command)).pipe(map((decision) => ({ decision }))),
  );
}
