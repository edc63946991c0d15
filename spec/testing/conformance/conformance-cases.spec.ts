import { NEVER } from 'rxjs';

import { inProcessWires } from '../../../src/in-process/index.js';
import {
  conformanceCases,
  type ConformanceHarness,
  fakeWire,
  startConformanceServer,
} from '../../../src/testing/index.js';

const disposed: string[] = [];
const good: ConformanceHarness = {
  name: 'good',
  connect: async () => {
    const [client, server] = inProcessWires();
    startConformanceServer(server);
    client.closed$.subscribe(() => disposed.push('closed'));
    return { wire: client, dispose: () => disposed.push('disposed') };
  },
};
const named = (harness: ConformanceHarness, part: string, limit?: number) =>
  conformanceCases(harness, limit === undefined ? {} : { limit }).find(({ name }) => name.includes(part))!;

describe('conformanceCases', () => {
  it('has a name of its own for each, with the rule before it', () => {
    const names = conformanceCases({ ...good, abilities: ['sink', 'kill', 'reason'] }).map(({ name }) => name);
    expect(new Set(names).size).toBe(names.length);
    expect(names.every((name) => /^([A-Z]\d+|5): ./.test(name))).toBe(true);
  });

  it('leaves out what a wire cannot show', () => {
    const count = (harness: ConformanceHarness): number => conformanceCases(harness).length;
    expect(count({ ...good, abilities: ['sink'] })).toBe(count(good) + 6);
    expect(count({ ...good, abilities: ['kill'] })).toBe(count(good) + 2);
  });

  it('has two cases for each seed', () => {
    const seeded = conformanceCases(good, { seeds: [7] }).filter(({ name }) => name.includes('seed'));
    expect(seeded.map(({ name }) => name.slice(0, 11))).toEqual(['A1: seed 7:', 'E2: seed 7:']);
  });

  it('opens a link for a case, closes its wire and frees it, whether the rule holds or not', async () => {
    await named(good, 'each subscription').run();
    expect(disposed).toEqual(['closed', 'disposed']);
  });

  it('says which rule does not hold, and keeps what was thrown', async () => {
    const broken: ConformanceHarness = { name: 'broken', connect: () => ({ wire: fakeWire({ inbound$: NEVER }) }) };
    await expect(named(broken, 'each subscription', 20).run()).rejects.toMatchObject({
      name: 'ConformanceError',
      rule: 'C1',
      message: 'C1: nothing more has happened for 20 ms',
    });
    const wire = fakeWire();
    wire.end({ reason: 'gone', orderly: false });
    await expect(named({ name: 'gone', connect: () => ({ wire }) }, 'each subscription').run()).rejects.toMatchObject({
      message: expect.stringContaining('C1: '),
      cause: { name: 'TransportError' },
    });
  });
});
