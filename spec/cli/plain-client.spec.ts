/** A client that was written by hand for codex, and knows nothing of this package, drives `rx-sluice serve`. */
import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';

import { bundledProgram } from './bundled-program.js';

const { program } = bundledProgram();

/** What the client has seen of one turn. */
interface Seen {
  readonly userAgent: string;
  readonly methods: readonly string[];
  readonly output: string;
  readonly questions: readonly unknown[];
  readonly turn: { readonly status: string };
  readonly isSameTurn: boolean;
  readonly stillWaiting: number;
  readonly exitCode: number;
}

async function drive(input: string, decision: string): Promise<Seen> {
  const args = [join(__dirname, 'plain-client.mjs'), input, decision, process.execPath, program, 'serve'];
  // Longer than any spec may take: it is killed, and with it its server, whose input ends then.
  const { stdout } = await promisify(execFile)(process.execPath, args, { timeout: 60_000, maxBuffer: 16_777_216 });
  return JSON.parse(stdout) as Seen;
}

describe('a plain client of codex', () => {
  it('drives rx-sluice serve through a turn: all of its output, one question, the end', async () => {
    const seen = await drive('seq 1 20000', 'accept');
    expect(seen).toMatchObject({
      userAgent: expect.stringMatching(/^rx-sluice/),
      questions: [{ method: 'item/commandExecution/requestApproval', command: 'seq 1 20000' }],
      turn: { status: 'completed', error: null },
      isSameTurn: true,
      stillWaiting: 0,
      exitCode: 0,
    });
    expect(seen.output).toBe(Array.from({ length: 20_000 }, (_, n) => `${n + 1}\n`).join(''));
    expect(seen.methods.filter((method) => !method.endsWith('elta'))).toEqual([
      'thread/started',
      'thread/status/changed',
      'turn/started',
      'item/started',
      'item/completed',
      'item/started',
      'thread/status/changed',
      'serverRequest/resolved',
      'thread/status/changed',
      'item/completed',
      'thread/status/changed',
      'turn/completed',
    ]);
  });

  it.each([
    ['decline', 'completed'],
    ['cancel', 'interrupted'],
  ])('is obeyed when it says %s', async (decision, status) => {
    const seen = await drive('echo hello', decision);
    expect(seen).toMatchObject({ output: '', turn: { status }, isSameTurn: true, stillWaiting: 0, exitCode: 0 });
  });
});
