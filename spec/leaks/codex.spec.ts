import { lastValueFrom, Observable, Subject, VirtualTimeScheduler } from 'rxjs';

import { type Client, connect } from '../../src/client/index.js';
import { approvals, connectCodex, type CodexContract, codexContract, turn } from '../../src/codex/index.js';
import { lateWire } from '../../src/codex/socket/late-wire.js';
import { inProcessWires } from '../../src/in-process/index.js';
import type { Message, RequestId, Wire } from '../../src/protocol/index.js';
import { fakeCodex } from '../codex/fake-codex.js';
import { aThread, aTurn, THREAD, word } from '../codex/scripted-codex.js';
import { stillHeld, type Watch } from './still-held.js';

/** A client of codex that was greeted, and codex itself. Nothing here keeps what was said. */
function codexPair(): { readonly client: Client<CodexContract>; readonly codex: Wire; lastId(): RequestId } {
  const [near, codex] = inProcessWires();
  let last: RequestId = -1;
  codex.inbound$.subscribe((message) => {
    if ('method' in message && 'id' in message) last = message.id;
  });
  const client = connect(near, codexContract, { scheduler: new VirtualTimeScheduler() });
  codex.send({ id: last, result: { userAgent: 'codex' } });
  return { client, codex, lastId: () => last };
}

/** The same client; who listens to it is watched. */
function watchedClient(client: Client<CodexContract>, watch: Watch): Client<CodexContract> {
  const seen = <T>(source$: Observable<T>): Observable<T> =>
    new Observable((subscriber) =>
      source$.subscribe(
        watch('listener', {
          next: (value: T) => subscriber.next(value),
          error: (error: unknown) => subscriber.error(error),
          complete: () => subscriber.complete(),
        }),
      ),
    );
  const copy = Object.create(client) as Client<CodexContract>;
  return Object.assign(copy, {
    state$: seen(client.state$),
    serverRequests$: seen(client.serverRequests$ as Observable<unknown>),
    scoped: (scope: string) => seen(client.scoped(scope)),
  });
}

const observerOf = (watch: Watch): { next(): void; error(): void } =>
  watch('observer', { next: () => undefined, error: () => undefined });

/** What codex says of its thread, under a letter, as an object of its own. */
const say = (watch: Watch, letter: string): Message => watch('word', { ...word(letter) }) as Message;

describe('a turn of codex that is over, while its client goes on', () => {
  type Pair = ReturnType<typeof codexPair>;
  const begin = ({ codex, lastId }: Pair, watch: Watch): void => {
    codex.send(say(watch, 's'));
    codex.send({ id: lastId(), result: watch('answer', { turn: aTurn('2') }) });
    codex.send(say(watch, 'a'));
  };
  const ends: Readonly<Record<string, (pair: Pair, watch: Watch, clock: VirtualTimeScheduler) => void>> = {
    completed: (pair, watch) => {
      begin(pair, watch);
      pair.codex.send(say(watch, 'c'));
    },
    failed: (pair, watch) => {
      begin(pair, watch);
      pair.codex.send(say(watch, 'f'));
    },
    'refused before it began': ({ codex, lastId }) => {
      codex.send({ id: lastId(), error: { code: -32_600, message: 'no' } });
    },
    'over without a word, which was found by asking': (pair, watch, clock) => {
      begin(pair, watch);
      pair.codex.send(say(watch, 'i'));
      clock.flush();
      pair.codex.send({ id: pair.lastId(), result: watch('answer', { thread: aThread() }) });
      const thread = aThread('idle', [aTurn('2', 'completed')]);
      pair.codex.send({ id: pair.lastId(), result: watch('answer', { thread }) });
    },
  };

  it.each(Object.keys(ends))('%s: holds neither its observer nor what was said', async (end) => {
    const found = await stillHeld((watch) => {
      const pair = codexPair();
      const clock = new VirtualTimeScheduler();
      const run = turn(watchedClient(pair.client, watch), THREAD, 'hi', { scheduler: clock }).subscribe(
        observerOf(watch),
      );
      ends[end]?.(pair, watch, clock);
      expect(run.closed).toBe(true);
      return [pair, run, clock];
    });
    expect(found).toEqual({});
  });

  it.each(['detach', 'interrupt'] as const)('left, to %s: the observer goes at once', async (onUnsubscribe) => {
    const found = await stillHeld((watch) => {
      const pair = codexPair();
      const client = watchedClient(pair.client, watch);
      const early = turn(client, THREAD, 'hi', { onUnsubscribe }).subscribe(observerOf(watch));
      early.unsubscribe();
      const late = turn(client, THREAD, 'hi', { onUnsubscribe }).subscribe(observerOf(watch));
      begin(pair, watch);
      late.unsubscribe();
      // Of the interrupt, if there was one.
      pair.codex.send({ id: pair.lastId(), result: {} });
      return [pair, early, late];
    });
    expect(found).toEqual({});
  });
});

describe('S2: approvals, while their client goes on', () => {
  const COMMAND = 'item/commandExecution/requestApproval';

  it('hold no question that is settled, answered here or elsewhere', async () => {
    const found = await stillHeld((watch) => {
      const { client, codex } = codexPair();
      let latest: readonly { accept(): unknown }[] = [];
      const events = client.events$.subscribe();
      const looking = approvals(client).subscribe((open) => (latest = open));
      const ask = (id: number): void => {
        const params = watch('params', { threadId: THREAD, turnId: '2', itemId: 'm' });
        codex.send({ id, method: COMMAND, params });
        watch('approval', latest.at(-1) ?? {});
      };
      ask(1);
      latest[0]?.accept();
      ask(2);
      codex.send({ method: 'serverRequest/resolved', params: { threadId: THREAD, requestId: 2 } });
      expect(latest).toEqual([]);
      return [client, codex, events, looking];
    });
    expect(found).toEqual({});
  });

  it('hold no observer that has left, though a question is still open', async () => {
    const found = await stillHeld((watch) => {
      const { client, codex } = codexPair();
      const looking = approvals(watchedClient(client, watch)).subscribe(observerOf(watch));
      codex.send({ id: 1, method: COMMAND, params: { threadId: THREAD, turnId: '2', itemId: 'm' } });
      looking.unsubscribe();
      return [client, codex, looking];
    });
    expect(found).toEqual({});
  });
});

describe('section 5: a wire that comes late', () => {
  const listen = (wire: Wire, watch: Watch): void => {
    wire.inbound$.subscribe(watch('reader', { next: () => undefined }));
    wire.closed$.subscribe(watch('closed$', { next: () => undefined }));
    wire.writable$.subscribe(watch('writable$', { next: () => undefined }));
  };

  it('holds nothing that was sent before it came, or after', async () => {
    const found = await stillHeld((watch) => {
      const [near, far] = inProcessWires();
      far.inbound$.subscribe();
      const wire$ = new Subject<Wire>();
      const wire = lateWire(wire$);
      const reading = wire.inbound$.subscribe();
      wire.send({ method: 'early', params: watch('params', {}) });
      wire$.next(near);
      wire.send({ method: 'late', params: watch('params', {}) });
      far.send({ method: 'read', params: watch('params', {}) });
      return [wire, far, reading];
    });
    expect(found).toEqual({});
  });

  it.each(['never came', 'could not come', 'came and was closed'])(
    'holds, if it %s, neither who listened nor what was sent',
    async (end) => {
      const pending$ = new Subject<Wire>();
      const found = await stillHeld((watch) => {
        const wire$ = end === 'never came' ? pending$ : new Subject<Wire>();
        const wire = lateWire(wire$);
        listen(wire, watch);
        wire.send({ method: 'early', params: watch('params', {}) });
        if (end === 'could not come') wire$.error(new Error('no ws'));
        if (end === 'came and was closed') {
          const [near, far] = inProcessWires();
          wire$.next(near);
          far.inbound$.subscribe();
          far.close();
        } else wire.close();
        return [wire, wire$];
      });
      expect(found).toEqual({});
    },
  );
});

describe('connectCodex', () => {
  it('is held by nobody after its end, nor is its program', async () => {
    const place = fakeCodex();
    const found = await stillHeld(async (watch) => {
      const client = watch('client', connectCodex(place));
      client.stderr$.subscribe(watch('stderr$', { next: () => undefined }));
      await lastValueFrom(client.ready$);
      await lastValueFrom(client.shutdown());
      await lastValueFrom(client.stderr$, { defaultValue: '' });
      await new Promise((resolve) => setImmediate(resolve));
    });
    expect(found).toEqual({});
  });
});
