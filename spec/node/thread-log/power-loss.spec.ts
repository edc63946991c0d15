import fc from 'fast-check';
import { asapScheduler } from 'rxjs';

import { fileThreadStore } from '../../../src/node/index.js';
import { named, summaryOf, turnStarted } from '../../app-server/store/thread-samples.js';
import { collect, one, outcome } from './collect.js';
import { type Fault, SimulatedDisk } from './simulated-disk.js';

interface Deed {
  readonly thread: string;
  readonly does: 'create' | 'append' | 'read';
  /** Turns of the event loop before the next one. */
  readonly wait: number;
}

const deed: fc.Arbitrary<Deed> = fc.record({
  thread: fc.constantFrom('a', 'b', 'C'),
  does: fc.constantFrom('append', 'append', 'append', 'create', 'read'),
  wait: fc.constantFrom(0, 0, 1, 5, 40),
});
const faults = fc.array(fc.constantFrom<Fault>('none', 'none', 'none', 'none', 'short', 'ENOSPC', 'EIO'), {
  maxLength: 60,
});

/** The same sides over and over. */
function tossing(sides: readonly boolean[]): () => boolean {
  let tossed = 0;
  return () => sides[tossed++ % sides.length] ?? false;
}

const turns = async (count: number): Promise<void> => {
  for (let n = 0; n < count; n += 1) await Promise.resolve();
};

describe('a store on a disk that fails and loses power', () => {
  it('has all it told to be kept, in order, and nothing nobody asked for', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(deed, { maxLength: 40 }),
        faults,
        fc.array(fc.boolean(), { minLength: 1, maxLength: 50 }),
        async (deeds, failing, coins) => {
          const disk = new SimulatedDisk();
          const store = fileThreadStore({ folder: '/threads', files: disk, scheduler: asapScheduler });
          await one(store.list({ archived: false, sortKey: 'createdAt', limit: 1 }));
          let next = 0;
          disk.fault = () => failing[next++] ?? 'none';

          /** By thread: what was asked for, and what came of it so far. */
          const asked = new Map<string, { readonly id: string; fate: string }[]>();
          for (const [index, { thread, does, wait }] of deeds.entries()) {
            const log = asked.get(thread) ?? [];
            asked.set(thread, log);
            if (does === 'read') {
              collect(store.read(thread)).catch(() => undefined);
            } else {
              const id = does === 'create' ? 'created' : `turn ${index}`;
              const work = does === 'create' ? store.create(summaryOf(thread)) : store.append(thread, turnStarted(id));
              const entry = { id, fate: 'open' };
              log.push(entry);
              void outcome(work).then((fate) => (entry.fate = fate));
            }
            await turns(wait);
          }

          const after = disk.afterPowerLoss(tossing(coins));
          const told = new Map(Array.from(asked, ([thread, log]) => [thread, log.map((entry) => ({ ...entry }))]));
          const again = fileThreadStore({ folder: '/threads', files: after, scheduler: asapScheduler });
          for (const [thread, log] of told) {
            const found = await one(again.read(thread));
            if (log.some(({ fate }) => fate === 'kept')) expect(found).toBeDefined();
            const ids = found?.turns.map(({ id }) => id) ?? [];
            const entries = log.filter(({ id }) => id !== 'created');
            const lastKept = entries.map(({ fate }) => fate).lastIndexOf('kept');
            // Of what errored or was still open behind the last that was kept, nobody can tell.
            const certain = entries.slice(0, lastKept + 1).filter(({ fate }) => fate === 'kept');
            expect(ids.slice(0, certain.length)).toEqual(certain.map(({ id }) => id));
            const open = entries.slice(lastKept + 1).map(({ id }) => id);
            expect(open.filter((id) => ids.includes(id))).toEqual(ids.slice(certain.length));
          }
          // And it can be worked with.
          for (const thread of asked.keys()) {
            if ((await one(again.read(thread))) === undefined)
              expect(await outcome(again.create(summaryOf(thread)))).toBe('kept');
            expect(await outcome(again.append(thread, named('on it goes')))).toBe('kept');
            expect((await one(again.read(thread)))?.summary.name).toBe('on it goes');
          }
          await collect(again.close());
        },
      ),
      { numRuns: 300 },
    );
  });
});
