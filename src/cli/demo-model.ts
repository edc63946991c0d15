import type { ModelScript, ModelStep } from '../codex/index.js';

/** Pieces of text the model says when the command is over: more than anybody reads. */
const PIECES = 20_000;

/** A model that has one command run, waits for its end, and then reads out what it printed, over and over. */
export function demoModel(command: string): ModelScript {
  return ({ toolOutputs }) => {
    const latest = toolOutputs.at(-1);
    if (latest === undefined) return [{ type: 'run', command }];
    const [, session] = /^Process running with session ID (\d+)$/m.exec(headOf(latest)) ?? [];
    return session === undefined ? [say(toolOutputs)] : [{ type: 'wait', session: Number(session) }];
  };
}

function say(results: readonly string[]): ModelStep {
  // A command that was not run has none.
  const printed = results.flatMap((result) => (hasOutput(result) ? [result.slice(headOf(result).length)] : []));
  const lines = printed.join('').split('\n');
  return { type: 'say', pieces: printed.length === 0 ? ['Then not.\n'] : readOut(lines.filter((line) => line !== '')) };
}

/** What codex itself has to say of a command stands before its output. */
function headOf(result: string): string {
  return /^[^]*?^Output:\n/m.exec(result)?.[0] ?? '';
}

function hasOutput(result: string): boolean {
  return headOf(result) !== '';
}

function* readOut(lines: readonly string[]): Generator<string> {
  for (let n = 0; n < PIECES; n += 1) yield `${n + 1}: ${lines[n % lines.length] ?? ''}\n`;
}
