import { readdirSync } from 'node:fs';
import { join } from 'node:path';

import { describeThread } from './describe-thread.js';
import { inputsOf, replay } from './transcript.js';

/** A thread at rest, to which nothing odd has happened. */
const rest = { status: 'idle', approvals: [], skipped: 0, partial: false };
/** The first so many pieces of text, as the model's script makes them. */
const pieces = (count: number, size: number): string =>
  Array.from({ length: count }, (_, n) => `${n} abcdefghij`.slice(0, size)).join('');
const command = (file: string): string => `$ /bin/bash -lc 'touch ${file}.txt'`;
const asked = (file: string, then = ''): string => `> run [[mock shell cmd="touch ${file}.txt${then}" escalate=0]]`;
const ran = (chunk: string, seconds: string, code: number, tokens: number, output: string): string =>
  `The tool said: Chunk ID: ${chunk}\nWall time: ${seconds} seconds\nProcess exited with code ${code}\nOriginal token count: ${tokens}\nOutput:\n${output}`;
const refused = (why: string): string =>
  `The tool said: exec_command failed: CreateProcess { message: "Rejected(\\"${why}\\")" }`;

/** By file and client, the threads in it and how each ends. Worked out from the transcripts by hand. */
const endings: Record<string, Record<string, object>> = {
  hello: {
    u1: {
      ...rest,
      turns: ['completed', 'completed'],
      items: [
        '> hi [[mock hello]]',
        'Hello from the mock.',
        '> think [[mock reasoning]]',
        '(**Thinking** about it)',
        'Done thinking.',
      ],
    },
  },
  approvals: {
    u1: {
      ...rest,
      turns: ['completed'],
      items: [
        asked('approved', ' && echo done'),
        "$ /bin/bash -lc 'touch approved.txt && echo done' [completed]done\n",
        ran('75c81a', '0.0001', 0, 2, 'done\n'),
      ],
    },
    u4: {
      ...rest,
      turns: ['completed'],
      items: [asked('declined'), `${command('declined')} [declined]`, refused('rejected by user')],
    },
    u7: { ...rest, turns: ['interrupted'], items: [asked('cancelled'), `${command('cancelled')} [declined]`] },
    u10: {
      ...rest,
      turns: ['completed'],
      items: [
        asked('full', ' && echo done'),
        "$ /bin/bash -lc 'touch full.txt && echo done' [completed]done\n",
        ran('bacab1', '0.0000', 0, 2, 'done\n'),
      ],
    },
    u13: {
      ...rest,
      turns: ['completed'],
      items: [
        '> run [[mock shell cmd="touch escalated.txt && echo done" escalate=1]]',
        "$ /bin/bash -lc 'touch escalated.txt && echo done' [completed]done\n",
        ran('368574', '0.0001', 0, 2, 'done\n'),
      ],
    },
    // No item tells of the command that the sandbox refused.
    u16: {
      ...rest,
      turns: ['completed'],
      items: [
        asked('sandboxed'),
        ran('c7fbc4', '0.0000', 1, 15, "touch: cannot touch 'sandboxed.txt': Read-only file system\n"),
      ],
    },
    u19: {
      ...rest,
      turns: ['completed'],
      items: [asked('session'), `${command('session')} [completed]`, ran('c14257', '0.0000', 0, 0, '')],
    },
    u22: {
      ...rest,
      turns: ['completed'],
      items: [asked('bogus'), `${command('bogus')} [failed]`, refused('approval request failed')],
    },
    u25: {
      ...rest,
      turns: ['completed'],
      items: [asked('error'), `${command('error')} [failed]`, refused('approval request failed')],
    },
    u28: {
      ...rest,
      turns: ['completed'],
      items: [
        '> run [[mock shell cmd="cat /etc/hostname" escalate=0]]',
        "$ /bin/bash -lc 'cat /etc/hostname' [completed]vm\n",
        ran('34c449', '0.0000', 0, 1, 'vm\n'),
      ],
    },
  },
  interrupt: {
    // The three items that were open get no end of their own; the command still says what it was when it was left.
    u1: {
      ...rest,
      turns: ['interrupted', 'interrupted', 'interrupted'],
      items: [
        '> go [[mock slow n=100 delay=50]]',
        pieces(4, 12),
        '> go [[mock slow n=100 delay=50]]',
        pieces(1, 12),
        '> second [[mock hello]]',
        '> go [[mock shell cmd="touch pending.txt"]]',
        `${command('pending')} [inProgress]`,
      ],
    },
  },
  'model-errors': {
    u1: {
      ...rest,
      status: 'systemError',
      turns: [
        'failed: We’re currently experiencing high demand, which may cause temporary errors.',
        'failed: stream disconnected before completion: Transport error: network error: error decoding response body',
        'failed: exceeded retry limit, last status: 429 Too Many Requests',
      ],
      items: [
        '> [[mock fail status=500]]',
        '> [[mock broken n=3]]',
        '0 abcdefgh1 abcdefgh2 abcdefgh',
        '> [[mock fail status=429]]',
      ],
    },
  },
  'opt-out': {
    u1: { ...rest, turns: ['completed'], items: ['> hi [[mock hello]]', 'Hello from the mock.'] },
  },
  'many-deltas': {
    // The item's end was cut, but the summary in the turn's end has the text. What else was lost nobody knows.
    u1: {
      ...rest,
      skipped: 351,
      partial: true,
      turns: ['completed'],
      items: ['> go [[mock deltas n=5000 size=10]]', pieces(500, 10)],
    },
  },
  kill: Object.fromEntries(
    ['u1', 'u4', 'u7', 'u10'].map((threadId) => [
      threadId,
      {
        ...rest,
        status: 'active',
        turns: ['inProgress'],
        items: ['> go [[mock slow n=60 delay=50]]', `${pieces(4, 12)}...`],
      },
    ]),
  ),
  'protocol-basics': { u1: { ...rest, turns: [], items: [] } },
  'stdio-stall': Object.fromEntries(
    ['u1', 'u2', 'u3'].map((threadId) => [threadId, { ...rest, turns: [], items: [] }]),
  ),
  'ws-kill A': {
    u1: {
      ...rest,
      status: 'active',
      turns: ['inProgress'],
      items: ['> go [[mock slow n=40 delay=50]]', '0 abcdefghij...'],
    },
    u4: {
      ...rest,
      status: 'active',
      turns: ['inProgress'],
      items: ['> go [[mock slow n=40 delay=50]]', `${pieces(40, 12)}...`],
    },
    u7: { ...rest, turns: ['completed'], items: ['> go [[mock slow n=40 delay=50]]', pieces(40, 12)] },
  },
  'ws-slow-client A': { u1: { ...rest, turns: ['completed'], items: ['> hi [[mock hello]]', 'Hello from the mock.'] } },
  'ws-slow-client B': { u1: { ...rest, turns: ['completed'], items: ['> hi [[mock hello]]', 'Hello from the mock.'] } },
  'ws-two-clients A': {
    // It left in the third turn.
    u1: {
      ...rest,
      status: 'active',
      turns: ['completed', 'completed', 'inProgress'],
      items: [
        '> hi [[mock hello]]',
        'Hello from the mock.',
        '> run [[mock shell cmd="touch ws.txt"]]',
        `${command('ws')} [declined]`,
        refused('rejected by user'),
        '> go [[mock slow n=10 delay=50]]',
        '0 abcdefghij...',
      ],
    },
    u4: { ...rest, turns: [], items: [] },
  },
  'ws-two-clients B': {
    u1: {
      ...rest,
      turns: ['completed', 'completed', 'completed'],
      items: [
        '> hi [[mock hello]]',
        'Hello from the mock.',
        '> run [[mock shell cmd="touch ws.txt"]]',
        `${command('ws')} [declined]`,
        refused('rejected by user'),
        '> go [[mock slow n=10 delay=50]]',
        pieces(10, 12),
      ],
    },
    u4: { ...rest, turns: [], items: [] },
  },
};

const threads = Object.entries(endings).flatMap(([client, ends]) =>
  Object.entries(ends).map(([threadId, end]) => [client, threadId, end] as const),
);

describe('replaying a recorded transcript', () => {
  it.each(threads)('%s, thread %s: gives the state it ends in', (client, threadId, end) => {
    const [name = '', conn] = client.split(' ');
    expect(describeThread(replay(inputsOf(name, conn), threadId))).toEqual(end);
  });

  it.each(threads)('%s, thread %s: twice over gives the very same state', (client, threadId) => {
    const [name = '', conn] = client.split(' ');
    const numbered = inputsOf(name, conn).filter(({ type }) => type !== 'lagged');
    const once = replay(numbered, threadId);
    expect(replay(numbered, threadId, once)).toBe(once);
  });

  it('leaves none out', () => {
    const files = readdirSync(join(__dirname, '..', 'fixtures', 'transcripts')).filter((name) =>
      name.endsWith('.jsonl'),
    );
    const told = new Set(Object.keys(endings).map((client) => `${client.split(' ')[0] ?? ''}.jsonl`));
    expect(files.sort()).toEqual([...told].sort());
  });
});
