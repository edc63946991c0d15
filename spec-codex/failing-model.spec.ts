import { lastValueFrom, tap, toArray } from 'rxjs';

import { isTurnFailedError, type ModelStep, turn } from '../src/codex/index.js';
import { isLagged } from '../src/index.js';
import { codexBench } from './codex-bench.js';

const bench = codexBench();

describe('a model that fails', () => {
  it.each<[string, readonly ModelStep[], unknown, number]>([
    ['answers HTTP 500', [{ type: 'fail', status: 500 }], 'internalServerError', 0],
    [
      'answers HTTP 429',
      [{ type: 'fail', status: 429 }],
      { responseTooManyFailedAttempts: { httpStatusCode: 429 } },
      0,
    ],
    ['breaks off in the middle', [{ type: 'say', pieces: ['a', 'b', 'c'] }, { type: 'cut' }], 'other', 3],
  ])('%s: the turn errors with what codex calls it, and the thread can be used again', async (_, steps, info, said) => {
    const model = await bench.startModel(({ index }) => (index === 0 ? steps : [{ type: 'say', pieces: ['Back.'] }]));
    const codex = bench.connect(bench.spawn(model));
    const { thread } = await codex.call('thread/start', { ephemeral: true });

    const methods: string[] = [];
    const failed = lastValueFrom(
      turn(codex, thread.id, 'try').pipe(tap((event) => methods.push(isLagged(event) ? event.type : event.method))),
    ).catch((error: unknown) => error);
    const error = await failed;
    expect(isTurnFailedError(error)).toBe(true);
    expect(error).toMatchObject({ threadId: thread.id, codexErrorInfo: info, turn: { status: 'failed' } });
    expect(methods.filter((method) => method === 'item/agentMessage/delta')).toHaveLength(said);
    expect(methods.at(-1)).toBe('turn/completed');
    expect(methods).toContain('error');

    const events = await lastValueFrom(turn(codex, thread.id, 'again').pipe(toArray()));
    expect(events.at(-1)).toMatchObject({ method: 'turn/completed', params: { turn: { status: 'completed' } } });
  });
});
