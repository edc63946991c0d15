/** What an application writes to survive a lost connection, against the reference server, over real sockets. */
import {
  connect as connectTcp,
  createServer as createTcpServer,
  type Server as TcpServer,
  type Socket,
} from 'node:net';

import {
  concatMap,
  filter,
  firstValueFrom,
  ignoreElements,
  lastValueFrom,
  map,
  merge,
  Observable,
  ReplaySubject,
  shareReplay,
  Subject,
  tap,
} from 'rxjs';

import { type Agent, type AgentEvent, appServerContract, createAppServer } from '../../src/app-server/index.js';
import { type Client, connect } from '../../src/client/index.js';
import { reconnecting } from '../../src/transports/index.js';
import { fileThreadStore } from '../../src/node/index.js';
import { scanThread, type ThreadState } from '../../src/thread-state/index.js';
import { connectWebSocket, listenWebSocket } from '../../src/websocket/index.js';
import { temporaryFolders } from '../node/thread-log/temporary-folder.js';
import { describeThread } from '../thread-state/describe-thread.js';

type AppClient = Client<typeof appServerContract>;

const newFolder = temporaryFolders();
const ends: (() => unknown)[] = [];
afterEach(async () => {
  for (const end of ends.splice(0).reverse()) await end();
});

/** What lies between a client and its server: it can be cut, and hold back what the server says. */
class Cable {
  private isCut = false;
  private readonly pairs = new Set<readonly [Socket, Socket]>();

  private constructor(
    private readonly server: TcpServer,
    port: () => number,
  ) {
    server.on('connection', (near) => {
      if (this.isCut) {
        near.resetAndDestroy();
        return;
      }
      const pair = [near, connectTcp(port(), '127.0.0.1')] as const;
      const [, far] = pair;
      this.pairs.add(pair);
      near.pipe(far);
      far.pipe(near);
      for (const socket of pair) {
        socket.on('error', () => undefined);
        socket.on('close', () => {
          this.pairs.delete(pair);
          for (const one of pair) one.destroy();
        });
      }
    });
  }

  static async to(port: () => number): Promise<Cable> {
    const server = createTcpServer();
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const cable = new Cable(server, port);
    ends.push(() => {
      cable.cut();
      server.close();
    });
    return cable;
  }

  get url(): string {
    const address = this.server.address();
    return `ws://127.0.0.1:${typeof address === 'object' && address ? address.port : 0}`;
  }

  /** What the server says gets no further. */
  hold(): void {
    for (const [near, far] of this.pairs) far.unpipe(near);
  }

  cut(): void {
    this.isCut = true;
    for (const [near, far] of this.pairs) {
      near.resetAndDestroy();
      far.resetAndDestroy();
    }
  }

  mend(): void {
    this.isCut = false;
  }
}

const handshake = { clientInfo: { name: 'spec', version: '1' }, capabilities: { lag: true } };

/** Serves on a port, and on the same one again. */
async function serve(agent: Agent, options: { port?: number; folder?: string } = {}) {
  const server = createAppServer({
    agent,
    ...(options.folder && { store: fileThreadStore({ folder: options.folder }) }),
  });
  const listener = listenWebSocket({ port: options.port ?? 0 });
  listener.wires$.subscribe((wire) => server.attach(wire));
  const { url } = await firstValueFrom(listener.listening$);
  const stop = async (): Promise<void> => {
    await lastValueFrom(server.shutdown());
    listener.close();
  };
  ends.push(stop);
  return { url, port: Number(new URL(url).port), stop };
}

/** A client that comes back, and the thread it shows. */
async function viewer(url: string): Promise<{ client: AppClient; threadId: string; state$: Observable<ThreadState> }> {
  const source = reconnecting(() => connectWebSocket(url), { delay: 5, maxDelay: 20, jitter: 0 });
  const client = connect(source, appServerContract, { handshake });
  ends.push(() => lastValueFrom(client.shutdown({ timeout: 100 })));
  const { thread } = await client.call('thread/start', {});
  const threadId = thread.id;
  const state$ = client
    .scoped(threadId)
    .pipe(
      scanThread(threadId, { snapshot: () => client.exchange('thread/resume', { threadId }) }),
      shareReplay({ bufferSize: 1, refCount: false }),
    );
  state$.subscribe();
  return { client, threadId, state$ };
}

type Described = ReturnType<typeof describeThread>;
const shows = (state$: Observable<ThreadState>, holds: (state: Described) => boolean): Promise<Described> =>
  firstValueFrom(state$.pipe(map(describeThread), filter(holds)));
const is = (client: AppClient, type: string): Promise<unknown> =>
  firstValueFrom(client.state$.pipe(filter((state) => state.type === type)));
const input = [{ type: 'text' as const, text: 'go' }];

describe('a client that reconnects over WebSockets', () => {
  it('goes on with a turn whose socket was cut: state, gap, requests, thread and approval', async () => {
    const events$ = new Subject<AgentEvent>();
    const questions$ = new Subject<string>();
    const decisions = new ReplaySubject<string>(1);
    const agent: Agent = (turn) =>
      merge(
        events$,
        questions$.pipe(
          concatMap((itemId) => turn.requestApproval({ itemId, command: 'ls' })),
          tap((decision) => decisions.next(decision)),
          ignoreElements(),
        ),
      );
    const { url, port } = await serve(agent);
    const cable = await Cable.to(() => port);
    const { client, threadId, state$ } = await viewer(cable.url);
    // Another client, whose connection holds, sees what the server really does.
    const witness = connect(connectWebSocket(url), appServerContract, { handshake });
    ends.push(() => lastValueFrom(witness.shutdown()));
    const renamed: unknown[] = [];
    const rename = new ReplaySubject<unknown>(1);
    witness.notifications('thread/name/updated').subscribe((event) => {
      renamed.push(event);
      rename.next(event);
    });
    const asked: string[] = [];
    client.serverRequests$.subscribe(({ params }) => asked.push(String((params as { itemId?: unknown }).itemId)));

    await client.call('turn/start', { threadId, input });
    await witness.call('thread/resume', { threadId });
    events$.next({ type: 'itemStarted', item: { type: 'agentMessage', id: 'm' } });
    events$.next({ type: 'itemStarted', item: { type: 'commandExecution', id: 'c', command: 'ls' } });
    events$.next({ type: 'delta', itemId: 'm', delta: 'seen, ' });
    questions$.next('c');
    await shows(state$, ({ items, approvals }) => items.includes('seen, ...') && approvals.length === 1);

    // The server does it, and its answer is lost on the way.
    cable.hold();
    const lost = client.call('thread/name/set', { threadId, name: 'once' }).catch((error: unknown) => error);
    await firstValueFrom(rename);
    cable.cut();
    expect(await lost).toMatchObject({ name: 'TransportError', reason: 'closed' });
    await is(client, 'reconnecting');
    events$.next({ type: 'delta', itemId: 'm', delta: 'missed, ' });
    const waiting = client.call('thread/read', { threadId });

    cable.mend();
    await is(client, 'ready');
    expect((await waiting).thread.id).toBe(threadId);
    events$.next({ type: 'delta', itemId: 'm', delta: 'seen again' });
    const back = await shows(
      state$,
      ({ items, approvals, partial }) =>
        items.includes('seen, missed, seen again...') && approvals.length === 1 && !partial,
    );
    expect(back.items).toEqual(['> go', 'seen, missed, seen again...', '$ ls [inProgress]...']);
    expect([renamed.length, client.stats().reconnects]).toEqual([1, 1]);

    // The approval is found again, as a new question, and answered once.
    expect(asked).toEqual(['c', 'c']);
    const [question] = client.openRequests();
    expect([question?.respond({ decision: 'accept' }), client.openRequests()]).toEqual(['sent', []]);
    expect(await firstValueFrom(decisions)).toBe('accept');

    for (const itemId of ['m', 'c']) events$.next({ type: 'itemCompleted', itemId });
    events$.complete();
    questions$.complete();
    await shows(state$, ({ turns }) => turns[0] === 'completed');
    const { thread } = await witness.call('thread/read', { threadId, includeTurns: true });
    expect(JSON.stringify(thread)).toContain('seen, missed, seen again');
    expect(thread.turns).toHaveLength(1);
  }, 30_000);

  it('goes on with a thread of a server that was started again, from what the disk has', async () => {
    const agent: Agent = ({ newItemId, text }) => {
      const id = newItemId();
      return new Observable<AgentEvent>((subscriber) => {
        subscriber.next({ type: 'itemStarted', item: { type: 'agentMessage', id } });
        subscriber.next({ type: 'delta', itemId: id, delta: `heard ${text}` });
        subscriber.next({ type: 'itemCompleted', itemId: id });
        subscriber.complete();
      });
    };
    const folder = newFolder();
    const first = await serve(agent, { folder });
    const { client, threadId, state$ } = await viewer(first.url);
    await client.call('turn/start', { threadId, input });
    await shows(state$, ({ turns }) => turns.length === 1 && turns[0] === 'completed');
    // All of it is on the disk when the server has ended.
    await first.stop();
    await is(client, 'reconnecting');
    await serve(agent, { folder, port: first.port });
    await is(client, 'ready');
    await shows(state$, ({ partial, turns }) => !partial && turns.length === 1);
    await client.call('turn/start', { threadId, input });
    const { items } = await shows(state$, ({ turns }) => turns.length === 2 && turns[1] === 'completed');
    expect(items).toEqual(['> go', 'heard go', '> go', 'heard go']);
    expect(client.stats().reconnects).toBe(1);
  }, 30_000);
});
