import fc from 'fast-check';
import { asapScheduler } from 'rxjs';

import {
  memoryThreadStore,
  type ThreadEntry,
  type ThreadQuery,
  type ThreadStore,
} from '../../../src/app-server/index.js';
import { fileThreadStore } from '../../../src/node/index.js';
import {
  agentSays,
  archived,
  named,
  summaryOf,
  turnCompleted,
  turnStarted,
  userSays,
} from '../../app-server/store/thread-samples.js';
import { collect, one, outcome } from './collect.js';
import { SimulatedDisk } from './simulated-disk.js';

const at = fc.integer({ min: 90, max: 120 });
const turnId = fc.constantFrom('x', 'y');
const text = fc.oneof(fc.string({ maxLength: 8 }), fc.constantFrom('Grüße\n', '"}', '\u2028', 'Apple'));
const entry: fc.Arbitrary<ThreadEntry> = fc.oneof(
  fc.tuple(turnId, at).map(([id, time]) => turnStarted(id, time)),
  fc.tuple(turnId, text, at, fc.constantFrom('i', 'j')).map((said) => userSays(...said)),
  fc.tuple(turnId, text, at, fc.constantFrom('j', 'k')).map((said) => agentSays(...said)),
  fc.tuple(turnId, at, fc.constantFrom('completed' as const, 'failed' as const)).map((end) => turnCompleted(...end)),
  fc.tuple(fc.option(text), at).map(([name, time]) => named(name, time)),
  fc.tuple(fc.boolean(), at).map(([isArchived, time]) => archived(isArchived, time)),
);
const threadId = fc.constantFrom('a', 'b', 'A', 'c-1');
const deed = fc.oneof(
  { weight: 1, arbitrary: fc.record({ id: threadId, createdAt: at }) },
  { weight: 4, arbitrary: fc.record({ id: threadId, entry }) },
);
const query: fc.Arbitrary<ThreadQuery> = fc.record({
  archived: fc.boolean(),
  sortKey: fc.constantFrom('createdAt' as const, 'updatedAt' as const),
  limit: fc.integer({ min: 1, max: 3 }),
  search: fc.constantFrom(undefined, 'apple', 'GRÜ'),
});

/** All that can be asked of a store. */
async function answers(store: ThreadStore, queries: readonly ThreadQuery[]): Promise<unknown> {
  const reads = await Promise.all(['a', 'b', 'A', 'c-1', 'd'].map((id) => one(store.read(id))));
  const lists: unknown[] = [];
  for (const asked of queries) {
    for (let cursor: string | null | undefined; cursor !== null;) {
      const page = await one(store.list({ ...asked, cursor }));
      lists.push(page);
      cursor = page.nextCursor;
    }
  }
  return { reads, lists };
}

describe('a store in memory and one on disk', () => {
  it('give the same answers for any history, also when the one on disk is opened again, with and without its index', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(deed, { maxLength: 40 }), fc.array(query, { maxLength: 3 }), async (deeds, queries) => {
        const disk = new SimulatedDisk();
        const open = (): ThreadStore => fileThreadStore({ folder: '/threads', files: disk, scheduler: asapScheduler });
        const [memory, file] = [memoryThreadStore(), open()];
        const told = (store: ThreadStore): Promise<string[]> =>
          Promise.all(
            deeds.map((one) =>
              outcome(
                'entry' in one
                  ? store.append(one.id, one.entry)
                  : store.create(summaryOf(one.id, { createdAt: one.createdAt, updatedAt: one.createdAt })),
              ),
            ),
          );
        expect(await told(file)).toEqual(await told(memory));
        const expected = await answers(memory, queries);
        expect(await answers(file, queries)).toEqual(expected);
        await collect(file.close());

        const indexed = open();
        expect(await answers(indexed, queries)).toEqual(expected);
        await collect(indexed.close());

        await disk.remove('/threads/index.jsonl');
        const rebuilt = open();
        expect(await answers(rebuilt, queries)).toEqual(expected);
        await collect(rebuilt.close());
      }),
      { numRuns: 150 },
    );
  });
});
