import { lastValueFrom, take, takeWhile, toArray } from 'rxjs';

import { type CodexContract, turn, type TurnEvent } from '../src/codex/index.js';
import { type Client, isLagged } from '../src/index.js';
import { codexBench } from './codex-bench.js';

const bench = codexBench();

type Event = TurnEvent<CodexContract>;

const follow = (codex: Client<CodexContract>, threadId: string, input: string): Promise<Event[]> =>
  lastValueFrom(turn(codex, threadId, input).pipe(toArray()));

/** The text of a turn's deltas, and of the items they belong to. */
function textsOf(events: readonly Event[]): { grown: string; whole: string } {
  let grown = '';
  let whole = '';
  for (const event of events) {
    if (isLagged(event) || event.type !== 'notification') continue;
    if (event.method === 'item/agentMessage/delta') grown += event.params.delta;
    if (event.method === 'item/completed' && event.params.item.type === 'agentMessage') whole += event.params.item.text;
  }
  return { grown, whole };
}

describe('a turn of codex', () => {
  it('A2: begins with its start, ends with its end, and has all that was said between', async () => {
    const model = await bench.startModel();
    const codex = bench.connect(bench.spawn(model));
    const { thread } = await codex.call('thread/start', { ephemeral: true });
    const events = await follow(codex, thread.id, 'say hello');

    const methods = events.map((event) => (isLagged(event) ? event.type : event.method));
    const ofTurn = methods.slice(methods.indexOf('turn/started')).filter((method) => /^(turn|item)\//.test(method));
    expect(ofTurn).toEqual([
      'turn/started',
      'item/started',
      'item/completed',
      'item/started',
      ...Array.from({ length: 5 }, () => 'item/agentMessage/delta'),
      'item/completed',
      'turn/completed',
    ]);
    expect(textsOf(events)).toEqual({ grown: 'Hello from the mock model.', whole: 'Hello from the mock model.' });
    expect(events.at(-1)).toMatchObject({
      params: { threadId: thread.id, turn: { status: 'completed', error: null } },
    });
    expect(events.at(-1)).not.toHaveProperty('inferred');
    expect(model.requests).toMatchObject([{ text: 'say hello', toolOutputs: [], index: 0 }]);
  });

  it('shows what the model thinks apart from what it says', async () => {
    const model = await bench.startModel(() => [
      { type: 'think', pieces: ['Let ', 'me ', 'see.'] },
      { type: 'say', pieces: ['42', '.'] },
    ]);
    const codex = bench.connect(bench.spawn(model));
    const { thread } = await codex.call('thread/start', { ephemeral: true });
    const events = await follow(codex, thread.id, 'think');
    const thoughts = events.flatMap((event) =>
      !isLagged(event) && event.type === 'notification' && event.method === 'item/reasoning/summaryTextDelta'
        ? event.params.delta
        : [],
    );
    expect(thoughts.join('')).toBe('Let me see.');
    expect(textsOf(events)).toEqual({ grown: '42.', whole: '42.' });
  });

  it('follows thirty turns in three threads at once, whether they begin before their answer or after it', async () => {
    const model = await bench.startModel(({ text }) => [{ type: 'say', pieces: ['You said: ', text] }]);
    const codex = bench.connect(bench.spawn(model));
    await Promise.all(
      ['a', 'b', 'c'].map(async (name) => {
        const { thread } = await codex.call('thread/start', { ephemeral: true });
        for (let count = 0; count < 10; count += 1) {
          const events = await follow(codex, thread.id, `${name} ${count}`);
          expect(textsOf(events)).toEqual({ grown: `You said: ${name} ${count}`, whole: `You said: ${name} ${count}` });
          expect(events.filter((event) => !isLagged(event) && event.method === 'turn/started')).toHaveLength(1);
        }
      }),
    );
  });

  it('is interrupted by whoever no longer listens, if that was asked for', async () => {
    const model = await bench.startModel(() => [{ type: 'say', pieces: ['Once ', 'upon '] }, { type: 'hang' }]);
    const codex = bench.connect(bench.spawn(model));
    const { thread } = await codex.call('thread/start', { ephemeral: true });
    const ended = lastValueFrom(codex.notifications('turn/completed').pipe(take(1)));
    turn(codex, thread.id, 'tell me a story', { onUnsubscribe: 'interrupt' })
      .pipe(takeWhile((event) => isLagged(event) || event.method !== 'item/agentMessage/delta'))
      .subscribe();
    expect(await ended).toMatchObject({ threadId: thread.id, turn: { status: 'interrupted', error: null } });
  });
});
