/** The tests of who hears of a thread, and of what a thread remembers, through the reference server. */
import { concat, ignoreElements, of, Subject, throwError } from 'rxjs';

import type { Agent, AgentEvent } from '../../src/app-server/index.js';
import { isLagged } from '../../src/backpressure/index.js';
import { fakeWire } from '../../src/testing/index.js';
import { hostPlain, servePlain, watch } from '../rules/support.js';
import { type AppClient, joinApp, startApp, startThread, startTurn } from './start-app.js';

/** The words of a client's events, status and thread beginnings left out. */
function heard(client: AppClient): readonly string[] {
  return watch(client.events$)
    .values.filter((event) => !isLagged(event) && !event.method.startsWith('thread/'))
    .map((event) => (isLagged(event) ? 'gap' : event.method));
}

const talk: readonly AgentEvent[] = [{ type: 'warning', message: 'hello' }];

describe('who hears of a thread', () => {
  it('a connection that has ended cannot be brought back by what comes late', () => {
    const { server, wire, connection } = servePlain();
    const thread = server.audience();
    expect(thread.add(connection)).toBe(true);
    wire.end();
    expect([thread.add(connection), thread.members.size]).toEqual([false, 0]);
    expect(server.notify(thread, 'done', { n: 1 })).toBe('closed');
  });

  it('one that leaves takes nothing from the others', () => {
    const words = new Subject<AgentEvent>();
    const { server, client } = startApp({ agent: () => words }, { ownServer: false });
    const other = joinApp(server, { ownServer: false });
    const threadId = startThread(client);
    startTurn(client, threadId);
    startTurn(other, threadId);
    const seen = watch(other.notifications('warning'));
    watch(client.shutdown());
    words.next({ type: 'warning', message: 'still here' });
    expect(seen.values.at(-1)).toMatchObject({ message: 'still here' });
    watch(server.shutdown());
  });

  it('an audience knows whether anybody is there: nobody, somebody, nobody, somebody', () => {
    const { server, connection } = hostPlain();
    const other = server.attach(fakeWire());
    const thread = server.audience();
    const populated = watch(thread.populated$);
    thread.add(connection);
    connection.close();
    thread.add(other);
    expect(populated.values).toEqual([false, true, false, true]);
    other.close();
  });

  it('a thread s questions and events go to those who watch it and to nobody else', () => {
    const agent: Agent = ({ requestApproval }) =>
      concat(of(...talk), requestApproval({ itemId: 'i', command: 'ls' }).pipe(ignoreElements()));
    const { server, client } = startApp({ agent }, { ownServer: false });
    const stranger = joinApp(server, { ownServer: false });
    startTurn(client, startThread(client));
    expect(client.stats().serverRequests.open).toBe(1);
    expect(stranger.stats().serverRequests.open).toBe(0);
    expect(heard(stranger)).toEqual([]);
    expect(heard(client)).toContain('warning');
    watch(server.shutdown());
  });
});

describe('what a thread remembers', () => {
  it('the error of a turn that failed is in the snapshot as it was in the event', () => {
    const { client } = startApp({ agent: () => throwError(() => new Error('the model said no')) });
    const ends = watch(client.notifications('turn/completed'));
    const threadId = startThread(client);
    startTurn(client, threadId);
    const read = watch(client.request('thread/read', { threadId, includeTurns: true })).values[0];
    expect(read?.thread.turns).toMatchObject([{ status: 'failed', error: { message: 'the model said no' } }]);
    expect(ends.values).toMatchObject([{ turn: { status: 'failed', error: { message: 'the model said no' } } }]);
  });
});
