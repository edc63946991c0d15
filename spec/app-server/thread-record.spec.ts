import { EMPTY, NEVER } from 'rxjs';

import type { StoredThread, ThreadSummary } from '../../src/app-server/index.js';
import { ThreadRecord } from '../../src/app-server/thread-record.js';
import { appOf, clientOf, watch } from './app-harness.js';

const summary: ThreadSummary = {
  id: 'r1',
  name: null,
  preview: '',
  cwd: '/w',
  source: 'spec',
  approvalPolicy: 'untrusted',
  createdAt: 2,
  updatedAt: 2,
  archived: false,
};

function recordOf(server = appOf({ agent: () => EMPTY }), stored: StoredThread = { summary, turns: [] }): ThreadRecord {
  return new ThreadRecord(
    {
      server,
      memory: { output: 100, message: 100, thread: 100, turns: 10 },
      store: undefined,
      auth: { token$: EMPTY, renew: () => EMPTY },
      now: () => 0,
      newId: () => 'n1',
    },
    { cwd: '/w', approvalPolicy: 'untrusted', model: null, config: {} },
    stored,
    true,
  );
}

describe('a thread', () => {
  it('begins idle, without having told anyone', () => {
    const server = appOf({ agent: () => EMPTY });
    const { seen } = watch(server);
    expect(recordOf(server).toThread()).toEqual({
      id: 'r1',
      sessionId: 'r1',
      name: null,
      preview: '',
      ephemeral: true,
      createdAt: 2,
      updatedAt: 2,
      status: { type: 'idle' },
      cwd: '/w',
      source: 'spec',
      turns: [],
    });
    expect(seen).toEqual([]);
  });

  it('tells everyone of its status, on changes only (U-R11.10)', () => {
    const server = appOf({ agent: () => EMPTY });
    const { seen } = watch(server);
    const record = recordOf(server);
    for (const happening of [
      'turnStarted',
      'turnStarted',
      'approvalAsked',
      'approvalAsked',
      'approvalSettled',
      'turnEnded',
      'turnEnded',
      'unloaded',
    ] as const) {
      record.happened(happening);
    }
    expect(seen).toEqual(['status active[]', 'status active[waitingOnApproval]', 'status idle', 'status notLoaded']);
  });

  it('takes its preview from the first words', () => {
    const record = recordOf();
    record.said('');
    record.said('a'.repeat(500));
    record.said('later');
    expect(record.toThread().preview).toBe('a'.repeat(200));
  });

  it('runs a step after the one that runs, never inside it', () => {
    const record = recordOf();
    const order: string[] = [];
    record.step(() => {
      record.step(() => order.push('second'));
      order.push('first');
    });
    expect(order).toEqual(['first', 'second']);
  });

  it('knows who watches, and forgets those who are gone', () => {
    const server = appOf({ agent: () => NEVER });
    const client = clientOf(server);
    const record = recordOf(server);
    for (const connection of server.everyone.members) record.watch(connection);
    expect(record.audience.members.size).toBe(1);
    client.shutdown();
    expect(record.audience.members.size).toBe(0);
  });
});
