import { firstValueFrom, lastValueFrom, tap } from 'rxjs';

import { turn } from '../src/codex/index.js';
import { isLagged } from '../src/index.js';
import { codexBench } from './codex-bench.js';

const bench = codexBench();

const PIECES = 50_000;

describe('stdout that nobody reads for a while', () => {
  it('E2, A1: delivers everything afterwards, and answers what was asked meanwhile', async () => {
    let hasSaidAll = (): void => undefined;
    const saidAll = new Promise<void>((resolve) => (hasSaidAll = resolve));
    function* pieces(): Generator<string> {
      for (let n = 0; n < PIECES; n += 1) yield `${n} `;
      hasSaidAll();
    }
    const wire = bench.spawn(await bench.startModel(() => [{ type: 'say', pieces: pieces() }]));
    const codex = bench.connect(wire);
    const { thread } = await codex.call('thread/start', { ephemeral: true });
    let grown = '';
    let count = 0;
    let skipped = 0;
    const first = firstValueFrom(codex.notifications('item/agentMessage/delta'));
    const turned = lastValueFrom(
      turn(codex, thread.id, 'flood').pipe(
        tap((event) => {
          if (isLagged(event)) skipped += event.skipped;
          else if (event.type === 'notification' && event.method === 'item/agentMessage/delta') {
            grown += event.params.delta;
            count += 1;
          }
        }),
      ),
    );
    await first;
    wire.pause?.();
    const asked = Array.from({ length: 300 }, () => codex.call('thread/loaded/list', {}));
    // Codex has taken all of it from the model, and holds what its own stdout does not take.
    await saidAll;
    expect(count).toBeLessThan(PIECES);
    wire.resume?.();

    expect(await turned).toMatchObject({ method: 'turn/completed', params: { turn: { status: 'completed' } } });
    expect([count, skipped]).toEqual([PIECES, 0]);
    expect(grown).toBe([...pieces()].join(''));
    for (const { data } of await Promise.all(asked)) expect(data).toEqual([thread.id]);
  });
});
