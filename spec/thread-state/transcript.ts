import { readFileSync } from 'node:fs';
import { join } from 'node:path';

import { emptyThread, reduceThread, type ThreadInput, type ThreadState } from '../../src/thread-state/index.js';

interface Line {
  readonly dir: '<' | '>' | '#';
  readonly conn?: string;
  readonly skipped?: number;
  readonly msg?: {
    readonly id?: number;
    readonly method?: string;
    readonly params?: { readonly threadId?: string };
    readonly result?: { readonly thread?: { readonly id: string } };
  };
}

/** What one client of a transcript was told and what it did, numbered as a client numbers what it receives. */
export function inputsOf(name: string, conn?: string): ThreadInput[] {
  const path = join(__dirname, '..', 'fixtures', 'transcripts', `${name}.jsonl`);
  const lines = readFileSync(path, 'utf8').trimEnd().split('\n');
  return lines
    .map((line) => JSON.parse(line) as Line)
    .flatMap((line, seq) => (line.conn === conn ? toInput(line, seq) : []));
}

/** The state a transcript leaves one of its threads in. */
export function replay(inputs: readonly ThreadInput[], threadId: string, from = emptyThread(threadId)): ThreadState {
  return inputs.reduce<ThreadState>((state, input) => reduceThread(state, input), from);
}

function toInput({ dir, msg = {}, skipped = 0 }: Line, seq: number): ThreadInput[] {
  if (dir === '#') return [{ type: 'lagged', skipped }];
  const { id, method, params, result } = msg;
  if (dir === '>') return method === undefined && id !== undefined ? [{ type: 'answered', id }] : [];
  if (method !== undefined) {
    return [
      id === undefined
        ? { type: 'notification', method, params, seq }
        : { type: 'serverRequest', id, method, params, seq },
    ];
  }
  return result?.thread === undefined ? [] : [{ type: 'snapshot', thread: result.thread, seq }];
}
