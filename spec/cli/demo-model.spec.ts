import { demoModel } from '../../src/cli/demo-model.js';
import type { ModelStep } from '../../src/codex/index.js';

/** What the model does when its tools have said this. */
function steps(...toolOutputs: string[]): readonly ModelStep[] {
  return [...demoModel('ls')({ text: 'ls', toolOutputs, tools: ['exec_command'], index: 0 })];
}

/** All that it says. */
function pieces(...toolOutputs: string[]): readonly string[] {
  const [step] = steps(...toolOutputs);
  if (step?.type !== 'say') throw new Error(JSON.stringify(step));
  return [...step.pieces];
}

const ENDED = 'Wall time: 0.1 seconds\nProcess exited with code 0\nOutput:\n';
const RUNS = 'Wall time: 30.0 seconds\nProcess running with session ID 7\nOutput:\n';

describe('the model of the demonstration', () => {
  it('has the command run', () => {
    expect(steps()).toEqual([{ type: 'run', command: 'ls' }]);
  });

  it('waits until the command is over', () => {
    expect(steps(`${RUNS}a\n`)).toEqual([{ type: 'wait', session: 7 }]);
    expect(steps(`${RUNS}a\n`, `${RUNS}b\n`)).toEqual([{ type: 'wait', session: 7 }]);
    expect(pieces(`${RUNS}a\n`, `${ENDED}b\n`).slice(0, 3)).toEqual(['1: a\n', '2: b\n', '3: a\n']);
  });

  it('floods with what the command printed, whatever that looks like', () => {
    expect(pieces(`${ENDED}a\nProcess running with session ID 7\n`)).toHaveLength(20_000);
    expect(pieces(`${ENDED}a\nOutput:\nb\n`).slice(0, 4)).toEqual(['1: a\n', '2: Output:\n', '3: b\n', '4: a\n']);
    expect(pieces(ENDED).at(-1)).toBe('20000: \n');
  });

  it('says little about a command that was not run', () => {
    expect(pieces('exec_command failed: rejected by user')).toEqual(['Then not.\n']);
  });
});
