import { map, type Observable } from 'rxjs';

import { appServerContract } from '../../../src/app-server/index.js';
import type { Lagged } from '../../../src/backpressure/index.js';
import { type Client, type ClientEvent, connect } from '../../../src/client/index.js';
import {
  type CodexContract,
  turn,
  type TurnEvent,
  TurnFailedError,
  type TurnInput,
  type TurnOptions,
} from '../../../src/codex/index.js';
import { RpcError, TransportError } from '../../../src/protocol/index.js';
import { run, scriptedServer } from '../../../src/testing/index.js';
import { type Equal, expectType } from '../../protocol/expect-type.js';
import { aTurn, letterOf, scriptedCodex, THREAD } from '../scripted-codex.js';

const refusal = new RpcError(-32600, 'thread not found');
const failure = new TurnFailedError(
  THREAD,
  aTurn('2', 'failed', { error: { message: 'no model', codexErrorInfo: 'other' } }),
);

interface Ending {
  readonly error?: unknown;
  readonly options?: TurnOptions<CodexContract>;
}

/** Follows a turn whose request is answered as `answer` says while codex says `thread`. */
function follow(answer: string, thread: string, expected: string, { error, options = {} }: Ending = {}): void {
  run(({ cold, expectObservable }) => {
    const { client, say } = scriptedCodex({
      'turn/start': () => cold(answer, { 2: { turn: aTurn('2') } }, refusal),
    });
    say(cold, thread);
    expectObservable(turn(client, THREAD, 'hi', options).pipe(map(letterOf))).toBe(expected, undefined, error);
  });
}

describe('turn', () => {
  describe('the events', () => {
    it('that came before the answer come with it, in their order', () => {
      const answer = '  ------(2|)';
      const thread = '  -A-s------a-b-c';
      const expected = '------(As)a-b-(c|)';
      follow(answer, thread, expected);
    });

    it('of other turns are not among them, before the answer or after it; those of the whole thread are', () => {
      const answer = '  ------(2|)';
      const thread = '  -1-w9------1w9a-c';
      const expected = '------w-----w-a-(c|)';
      follow(answer, thread, expected);
    });

    it('that the contract does not know are in `events$` only: nothing says of which thread they are', () => {
      const answer = '  (2|)';
      const thread = '  -s-u-c';
      const expected = '-s---(c|)';
      follow(answer, thread, expected);
    });

    it('that came before it was subscribed belong to nobody', () => {
      run(({ cold, expectObservable }) => {
        const { client, say } = scriptedCodex({ 'turn/start': () => cold('(2|)', { 2: { turn: aTurn('2') } }) });
        client.events$.subscribe();
        const thread = '  a--b-c';
        const lifetime = '--^';
        const expected = '---b-(c|)';
        say(cold, thread);
        expectObservable(turn(client, THREAD, 'hi').pipe(map(letterOf)), lifetime).toBe(expected);
      });
    });
  });

  describe('the end', () => {
    it('is turn/completed, whatever became of its items', () => {
      const answer = '  (2|)';
      const thread = '  -s-o-a-c';
      const expected = '-s-o-a-(c|)';
      follow(answer, thread, expected);
    });

    it('of an interrupted turn is an end like any other', () => {
      const answer = '  (2|)';
      const thread = '  -s-a-x';
      const expected = '-s-a-(x|)';
      follow(answer, thread, expected);
    });

    it('of a failed turn is an error, after its last event', () => {
      const answer = '  (2|)';
      const thread = '  -s-a-f';
      const expected = '-s-a-(f#)';
      follow(answer, thread, expected, { error: failure });
    });

    it('that came before the answer is not waited for again', () => {
      const answer = '  ------(2|)';
      const thread = '  -s-a-c';
      const expected = '------(sac|)';
      follow(answer, thread, expected);
    });

    it('never comes if the turn could not be started', () => {
      const answer = '  --#';
      const thread = '  -A-w';
      const expected = '--#';
      follow(answer, thread, expected, {
        error: new RpcError(-32600, 'thread not found', undefined, { method: 'turn/start' }),
      });
    });

    it('is a TransportError when the connection ends first, orderly or not (D3)', () => {
      for (const orderly of [true, false]) {
        run(({ cold, expectObservable }) => {
          const { client, server, say } = scriptedCodex({ 'turn/start': () => ({ turn: aTurn('2') }) });
          const thread = '  -s-a--';
          const cut = '     -----x';
          const expected = '-s-a-#';
          say(cold, thread);
          cold(cut).subscribe(() => {
            server.wire.end({ reason: 'peer exited with code 1', orderly });
          });
          const method = orderly ? 'turn/start' : undefined;
          expectObservable(turn(client, THREAD, 'hi').pipe(map(letterOf))).toBe(
            expected,
            undefined,
            new TransportError('closed', 'peer exited with code 1', method),
          );
        });
      }
    });
  });

  describe('the request', () => {
    it('has text as one piece, pieces as they are, and further params beside them', () => {
      const { client, asked } = scriptedCodex({ 'turn/start': () => ({ turn: aTurn('2') }) });
      turn(client, THREAD, 'hi').subscribe();
      turn(client, THREAD, [{ type: 'image', url: 'x' }], { params: { model: 'm' } }).subscribe();
      expect(asked()).toEqual([
        ['turn/start', { threadId: THREAD, input: [{ type: 'text', text: 'hi' }] }],
        ['turn/start', { threadId: THREAD, input: [{ type: 'image', url: 'x' }], model: 'm' }],
      ]);
    });

    it('is made anew for each subscriber, and not before (C1)', () => {
      const { client, asked } = scriptedCodex({ 'turn/start': () => ({ turn: aTurn('2') }) });
      const following = turn(client, THREAD, 'hi');
      expect(asked()).toEqual([]);
      following.subscribe();
      following.subscribe();
      expect(asked()).toHaveLength(2);
    });

    it('has a time limit, of its own or the client s', () => {
      const options = { timeout: 4 };
      const answer = '  ------(2|)';
      const thread = '  -s';
      const expected = '----#';
      follow(answer, thread, expected, {
        options,
        error: new TransportError('timeout', 'no answer in time', 'turn/start'),
      });
    });

    it('in a running turn is a steer: both follow it to its end', () => {
      run(({ cold, expectObservable }) => {
        const { client, say } = scriptedCodex({ 'turn/start': () => cold('-(2|)', { 2: { turn: aTurn('2') } }) });
        const thread = ' --s---a---c';
        const first = '  ^';
        const second = ' ----^';
        const firstOut = '--s---a---(c|)';
        const secondOut = '------a---(c|)';
        say(cold, thread);
        expectObservable(turn(client, THREAD, 'a').pipe(map(letterOf)), first).toBe(firstOut);
        expectObservable(turn(client, THREAD, 'b').pipe(map(letterOf)), second).toBe(secondOut);
      });
    });
  });

  it('works with the contract of our own app server too', () => {
    const times = { startedAt: 0, completedAt: null, durationMs: null };
    const state = { status: 'inProgress', itemsView: 'notLoaded', error: null } as const;
    const ownTurn = { id: '2', items: [], ...state, ...times };
    const server = scriptedServer(appServerContract, {
      initialize: () => ({ userAgent: 'own', codexHome: '/', platformFamily: 'unix', platformOs: 'linux' }),
      'turn/start': () => ({ turn: ownTurn }),
    });
    const client = connect(server.wire, appServerContract);
    const seen: unknown[] = [];
    turn(client, THREAD, 'hi').subscribe({ next: (event) => seen.push(event.type), complete: () => seen.push('end') });
    server.notify('turn/completed', { threadId: THREAD, turn: { ...ownTurn, status: 'completed' } });
    expect(seen).toEqual(['notification', 'end']);
    expect(server.requests.at(-1)?.params).toEqual({ threadId: THREAD, input: [{ type: 'text', text: 'hi' }] });
  });

  it('has the events of its contract, and gaps, as its type', () => {
    const of = (client: Client<CodexContract>): Observable<TurnEvent<CodexContract>> => turn(client, THREAD, 'hi');
    expect(of).toBeDefined();
    expectType<Equal<TurnEvent<CodexContract>, (ClientEvent<CodexContract> & { readonly inferred?: true }) | Lagged>>();
    expectType<Equal<TurnInput<CodexContract> extends string | readonly unknown[] ? true : false, true>>();
    // @ts-expect-error a piece has a type
    turn({} as Client<CodexContract>, THREAD, [{ text: 'hi' }]);
  });
});
