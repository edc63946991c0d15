import { codexBench } from './codex-bench.js';

const bench = codexBench();

describe('10,000 requests at once', () => {
  // Codex itself loses answers of those that send more than it takes, and says nothing about it.
  it.each(['thread/loaded/list', 'thread/list'] as const)(
    'A1, C4: are all answered, each once, with at most 64 of them on the wire: %s',
    async (method) => {
      const codex = bench.connect(bench.spawn(await bench.startModel()));
      let most = 0;
      codex.commands$.subscribe(() => (most = Math.max(most, codex.stats().requests.inFlight)));
      const answers = new Map<number, number>();
      const failures: unknown[] = [];
      await Promise.all(
        Array.from({ length: 10_000 }, (_, n) =>
          codex.call(method, {}).then(
            () => answers.set(n, (answers.get(n) ?? 0) + 1),
            (error: unknown) => failures.push(error),
          ),
        ),
      );
      expect(failures).toEqual([]);
      expect(answers.size).toBe(10_000);
      expect(most).toBe(64);
      expect(codex.stats().requests).toMatchObject({ inFlight: 0, waiting: 0, sent: 10_001, answered: 10_001 });
    },
  );
});
