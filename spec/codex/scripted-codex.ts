import type { RunHelpers } from 'rxjs/testing';

import { type Client, connect } from '../../src/client/index.js';
import { type CodexContract, codexContract } from '../../src/codex/index.js';
import type { Inbound, RequestMessage } from '../../src/protocol/index.js';
import { type FakeWireOptions, type Script, type ScriptedServer, scriptedServer } from '../../src/testing/index.js';

/** The thread of these specs; the turn they follow is number 2. */
export const THREAD = 'th';
const TURN = '2';

/** A turn as codex tells it. */
export const aTurn = (id: string, status = 'inProgress', more: object = {}) => ({ id, status, items: [], ...more });

/** A thread as codex tells it. */
export const aThread = (status = 'idle', turns: readonly ReturnType<typeof aTurn>[] = []) => ({
  id: THREAD,
  preview: '',
  ephemeral: false,
  createdAt: 0,
  updatedAt: 0,
  cwd: '/',
  status: { type: status },
  turns: [...turns],
});

const news = (method: string, params: object): Inbound => ({ method, params: { threadId: THREAD, ...params } });
const delta = (turnId: string, text: string): Inbound =>
  news('item/agentMessage/delta', { turnId, itemId: 'm', delta: text });
const item = (turnId: string, method: string): Inbound =>
  news(method, { turnId, item: { type: 'agentMessage', id: 'm', text: '' } });

/** What codex says of the thread, by letter. The turn is `2`; `1` and `9` are other turns. */
const WORDS: Readonly<Record<string, Inbound>> = {
  s: news('turn/started', { turn: aTurn(TURN) }),
  o: item(TURN, 'item/started'),
  a: delta(TURN, 'a'),
  b: delta(TURN, 'b'),
  A: news('thread/status/changed', { status: { type: 'active', activeFlags: [] } }),
  i: news('thread/status/changed', { status: { type: 'idle' } }),
  w: news('warning', { message: 'careful' }),
  u: news('turn/somethingNew', { turnId: TURN }),
  c: news('turn/completed', { turn: aTurn(TURN, 'completed') }),
  x: news('turn/completed', { turn: aTurn(TURN, 'interrupted') }),
  f: news('turn/completed', {
    turn: aTurn(TURN, 'failed', { error: { message: 'no model', codexErrorInfo: 'other' } }),
  }),
  '1': delta('1', 'old'),
  '9': news('turn/completed', { turn: aTurn('9', 'completed') }),
};

/** What a letter stands for. */
export function word(letter: string): Inbound {
  const found = WORDS[letter];
  if (found === undefined) throw new Error(`no word has the letter ${letter}`);
  return found;
}

/** The letter of an event; `?` for one that was never sent. */
export function letterOf(event: object): string {
  const { method, params, type, skipped } = event as Readonly<Record<string, unknown>>;
  if (type === 'lagged') return `lagged ${String(skipped)}`;
  const sent = JSON.stringify({ method, params });
  return Object.entries(WORDS).find(([, word]) => JSON.stringify(word) === sent)?.[0] ?? '?';
}

/** A codex that follows a script, and its client. */
export interface ScriptedCodex {
  readonly server: ScriptedServer<CodexContract>;
  readonly client: Client<CodexContract>;
  /** Says what the letters of a diagram stand for. */
  say(cold: RunHelpers['cold'], marbles: string): void;
  /** What was asked, but for the handshake. */
  asked(): readonly (readonly [string, unknown])[];
}

/** Makes one; it has greeted its client already. */
export function scriptedCodex(script: Script<CodexContract> = {}, options: FakeWireOptions = {}): ScriptedCodex {
  const server = scriptedServer(codexContract, { initialize: () => ({ userAgent: 'codex' }), ...script }, options);
  const client = connect(server.wire, codexContract);
  return {
    server,
    client,
    say: (cold, marbles) => {
      cold(marbles).subscribe((letter) => {
        server.wire.receive(word(letter));
      });
    },
    asked: () => server.requests.slice(1).map(({ method, params }: RequestMessage) => [method, params] as const),
  };
}
