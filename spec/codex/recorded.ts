import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

import type { RequestId } from '../../src/protocol/index.js';

const folder = join(__dirname, '../fixtures/transcripts');

/** What was recorded: who said it, and what it is a request, an answer or an event of. */
export interface Recorded {
  readonly file: string;
  readonly from: 'client' | 'codex';
  readonly kind: 'request' | 'answer' | 'event';
  readonly method: string;
  /** Params, or the result. */
  readonly value: unknown;
}

interface Line {
  readonly dir: '<' | '>' | '#';
  readonly conn?: string;
  readonly msg?: {
    readonly id?: RequestId;
    readonly method?: string;
    readonly params?: unknown;
    readonly result?: unknown;
  };
}

/** Puts back what was cut from the recordings because it differs from run to run: folders and times. */
function restored(value: unknown): unknown {
  if (typeof value !== 'object' || value === null || !('thread' in value)) return value;
  const cut = { ephemeral: false, createdAt: 0, updatedAt: 0, cwd: '/' };
  return { cwd: '/', ...value, thread: { ...cut, ...(value.thread as object) } };
}

/** Everything that was recorded; answers stand with the method that was asked for, errors are left out. */
export function recorded(): Recorded[] {
  return readdirSync(folder)
    .filter((name) => name.endsWith('.jsonl'))
    .flatMap((file) => {
      const asked = new Map<string, string>();
      return readFileSync(join(folder, file), 'utf8')
        .trimEnd()
        .split('\n')
        .flatMap((text): Recorded[] => {
          const { dir, conn = '', msg } = JSON.parse(text) as Line;
          if (dir === '#' || msg === undefined) return [];
          const { id, method, params, result } = msg;
          const from = dir === '>' ? 'client' : 'codex';
          if (method !== undefined) {
            if (id !== undefined) asked.set(`${conn} ${from} ${id}`, method);
            return [{ file, from, kind: id === undefined ? 'event' : 'request', method, value: restored(params) }];
          }
          const question = asked.get(`${conn} ${from === 'client' ? 'codex' : 'client'} ${id ?? ''}`);
          return question === undefined || result === undefined
            ? []
            : [{ file, from, kind: 'answer', method: question, value: restored(result) }];
        });
    });
}
