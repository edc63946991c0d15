import { join } from 'node:path';

const src = join(__dirname, '../../../src');

/** What a program does with a generated contract, be it of the small codex or of a real one: a line that must not compile says so. */
export const USES = `import { connect, type Wire } from 'rx-sluice';
import { approvals } from '${src}/codex/approvals.js';
import { turn } from '${src}/codex/turn/turn.js';

import { codexContract } from './contract.js';
import type { CommandExecutionThreadItem, ThreadItem, TurnStatus } from './types.js';

declare const wire: Wire;
const client = connect(wire, codexContract, {
  handshake: { clientInfo: { name: 'spec', version: '1' }, capabilities: { experimentalApi: true } },
});

client.request('thread/start', { model: 'm', sandbox: 'read-only', approvalPolicy: 'on-request' }).subscribe(({ thread }) => {
  const id: string = thread.id;
  client.scoped(id);
});
client.request('thread/start', { sandbox: 'a-later-one' });
client.request('account/rateLimits/read');
client.request('account/logout');
// @ts-expect-error -- a thread has a name
client.request('turn/start', { input: [] });
// @ts-expect-error -- no such method
client.request('turn/begin', {});

turn(client, 't', [{ type: 'text', text: 'hello' }], { params: { model: 'm' } }).subscribe((event) => {
  if (event.type === 'notification' && event.method === 'item/completed') show(event.params.item);
  if (event.type === 'notification' && event.method === 'item/agentMessage/delta') event.params.delta.length;
});
approvals(client).subscribe((open) => open.forEach((approval) => approval.accept()));
client.handle('item/commandExecution/requestApproval', ({ command }) => ({
  decision: command === 'ls' ? 'accept' : 'decline',
}));

function show(item: ThreadItem): string {
  switch (item.type) {
    case 'agentMessage':
      return item.text;
    case 'commandExecution':
      return line(item);
    default:
      return item.id;
  }
}

function line({ command, exitCode }: CommandExecutionThreadItem): string {
  const code: number | null | undefined = exitCode;
  // @ts-expect-error -- it may be missing
  const sure: number = exitCode;
  return command + String(code ?? sure);
}

export const statuses: readonly TurnStatus[] = ['completed', 'a-later-one'];
// @ts-expect-error -- a word all the same
export const wrong: TurnStatus = 5;
`;
