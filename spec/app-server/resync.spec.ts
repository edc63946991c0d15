import { concat, NEVER, of, Subject } from 'rxjs';

import type { AgentEvent, Thread } from '../../src/app-server/index.js';
import type { Message } from '../../src/protocol/index.js';
import { type FakeWire, fakeWire } from '../../src/testing/index.js';
import { scriptedAgent } from '../../src/testing/scripted-agent.js';
import { type App, appOf, clientOf, startThread, startTurn, watch } from './app-harness.js';

const initialize = (optOutNotificationMethods: string[] = []): Message => ({
  id: 'i',
  method: 'initialize',
  params: { clientInfo: { name: 'slow', version: '1' }, capabilities: { optOutNotificationMethods } },
});

/** A client that may lag, since it understands the marker. */
function slowClient(server: App, optOut: string[] = []): FakeWire {
  const wire = fakeWire({ local: true });
  server.attach(wire);
  wire.receive(initialize(optOut));
  return wire;
}

/** The text of each agent message of each thread, as somebody sees it who reads all of this. */
function textsIn(messages: readonly Message[]): Map<string, string> {
  const texts = new Map<string, string>();
  for (const message of messages) {
    if ('result' in message) {
      const { thread } = (message.result ?? {}) as { readonly thread?: Thread };
      for (const item of thread?.turns.flatMap(({ items }) => items) ?? []) {
        if (item.type === 'agentMessage') texts.set(item.id, item.text);
      }
    } else if ('method' in message) {
      const { itemId, delta, item } = (message.params ?? {}) as {
        readonly itemId?: string;
        readonly delta?: string;
        readonly item?: { readonly type: string; readonly id: string; readonly text: string };
      };
      if (itemId !== undefined && delta !== undefined) texts.set(itemId, (texts.get(itemId) ?? '') + delta);
      if (item?.type === 'agentMessage') texts.set(item.id, item.text);
    }
  }
  return texts;
}

const brief = (message: Message): string => ('method' in message ? message.method : `answer ${String(message.id)}`);

/** A flood of text of two items that take turns, so that little of it can be folded together. */
function flood(pieces: number): AgentEvent[] {
  const start: AgentEvent[] = ['a', 'b'].map((id) => ({ type: 'itemStarted', item: { type: 'agentMessage', id } }));
  const text = Array.from({ length: pieces }, (_, i): AgentEvent[] => [
    { type: 'delta', itemId: 'a', delta: `${i} ` },
    { type: 'delta', itemId: 'b', delta: `${i}-` },
  ]);
  return [...start, ...text.flat()];
}

describe('W36 a client that lost events', () => {
  it('comes to the same state as one that lost none: it lists the loaded threads and resumes them', () => {
    const more = new Subject<AgentEvent>();
    const agent = scriptedAgent(() => concat(of(...flood(50)), more));
    const server = appOf({ agent, limits: { events: 1, bytes: 1_000_000 }, autoAttach: () => true });
    const slow = slowClient(server);
    const fast = clientOf(server);
    const whole: Message[] = [];
    fast.events$.subscribe((event) => {
      if ('method' in event && 'params' in event) whole.push(event);
    });

    slow.fill();
    const threadId = startThread(fast);
    startTurn(fast, threadId);
    slow.drain();
    expect(slow.sent.map(brief)).toContain('$/lagged');
    expect(textsIn(slow.sent)).not.toEqual(textsIn(whole));

    slow.receive({ id: 'l', method: 'thread/loaded/list', params: {} });
    const loaded = slow.sent.at(-1) as { readonly result: { readonly data: readonly string[] } };
    for (const id of loaded.result.data)
      slow.receive({ id: `r ${id}`, method: 'thread/resume', params: { threadId: id } });
    expect(textsIn(slow.sent)).toEqual(textsIn(whole));

    more.next({ type: 'delta', itemId: 'a', delta: 'on' });
    expect(textsIn(slow.sent)).toEqual(textsIn(whole));
  });

  it('gets its snapshot in the place where it belongs, also when it asks while it still lags (E9, U-R11.11)', () => {
    const more = new Subject<AgentEvent>();
    const agent = scriptedAgent(() => concat(of(...flood(5)), more));
    const server = appOf({ agent, limits: { events: 2 }, autoAttach: () => true });
    const slow = slowClient(server);
    const fast = clientOf(server);
    const whole: Message[] = [];
    fast.events$.subscribe((event) => whole.push(event as unknown as Message));

    slow.fill();
    const threadId = startThread(fast);
    startTurn(fast, threadId);
    slow.receive({ id: 'r', method: 'thread/resume', params: { threadId } });
    slow.receive({ id: 'l', method: 'thread/loaded/list', params: {} });
    more.next({ type: 'delta', itemId: 'a', delta: 'on' });
    const before = slow.sent.length;
    slow.drain();
    const told = slow.sent.slice(before).map(brief);
    // Other answers go first, the snapshot goes behind what it covers and before what it does not.
    expect(told[0]).toBe('answer l');
    expect(told.indexOf('$/lagged')).toBeLessThan(told.indexOf('answer r'));
    expect(told.slice(told.indexOf('answer r') + 1)).toEqual(['item/agentMessage/delta']);
    expect(textsIn(slow.sent)).toEqual(textsIn(whole));
  });

  it('never misses a thread: its beginning is lossless, and the list has it in any case', () => {
    const server = appOf({ agent: () => NEVER, limits: { events: 1, losslessEvents: 100 } });
    const slow = slowClient(server);
    const deaf = slowClient(server, ['thread/started']);
    const fast = clientOf(server);
    slow.fill();
    deaf.fill();
    const started = Array.from({ length: 20 }, () => startThread(fast));
    slow.drain();
    deaf.drain();
    expect(slow.sent.map(brief).filter((method) => method === 'thread/started')).toHaveLength(20);
    expect(deaf.sent.map(brief)).not.toContain('thread/started');
    deaf.receive({ id: 'l', method: 'thread/loaded/list', params: {} });
    expect(deaf.sent.at(-1)).toMatchObject({ result: { data: [...started].sort() } });
  });
});

describe('U-R11.1 autoAttach', () => {
  it('follows every new thread for the sessions it names, whoever started it', () => {
    const server = appOf({
      agent: scriptedAgent([]),
      autoAttach: ({ client }) => (client as { clientInfo: { name: string } }).clientInfo.name === 'panel',
    });
    const panel = watch(server, { handshake: { clientInfo: { name: 'panel', version: '1' } } });
    const other = watch(server);
    startTurn(other.client, startThread(other.client));
    expect(panel.seen).toEqual(other.seen);
    const bystander = watch(server);
    startThread(other.client);
    startTurn(other.client, 'id1');
    expect(bystander.seen).not.toContain('turn/started');
  });

  it('attaches after the answer and before the thread is told of: no event of it is missed', () => {
    const server = appOf({ agent: scriptedAgent([]), autoAttach: () => true });
    const panel = watch(server);
    const starter = clientOf(server);
    starter.notifications('thread/started').subscribe(({ thread }) => startTurn(starter, thread.id));
    startThread(starter);
    expect(panel.seen.filter((event) => event.startsWith('turn'))).toEqual([
      'turn/started',
      'turn/completed completed',
    ]);
  });

  it('that throws is a diagnostic, and attaches nobody', () => {
    const server = appOf({
      agent: scriptedAgent([]),
      autoAttach: () => {
        throw new Error('broken');
      },
    });
    const diagnostics: unknown[] = [];
    server.diagnostics$.subscribe((diagnostic) => diagnostics.push(diagnostic));
    const { client, seen } = watch(server);
    startThread(client);
    expect(seen).toEqual(['thread/started']);
    expect(diagnostics).toMatchObject([{ type: 'callbackFailed', method: 'autoAttach' }]);
  });

  it('attaches nobody who has gone', () => {
    const server = appOf({ agent: scriptedAgent([]), autoAttach: () => true });
    const wire = slowClient(server);
    const starter = clientOf(server);
    starter.request('thread/start', {}).subscribe(() => {
      wire.end();
    });
    expect(server.stats().connections).toBe(1);
    expect(startTurn(starter, 'id1')).toBe('id2');
  });
});
