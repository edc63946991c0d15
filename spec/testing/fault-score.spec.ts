import { FaultScore } from '../../src/testing/fault-score.js';

const play = (score: FaultScore, count: number): string => {
  for (let n = 0; n < count; n += 1) score.next();
  return score.played;
};

describe('FaultScore', () => {
  it('deals out its marbles, and then nothing more', () => {
    expect(play(new FaultScore('-d g s', undefined, ''), 7)).toBe('-dgs---');
  });

  it('leaves it to a seed where there are no marbles, and chooses the same again', () => {
    const played = play(new FaultScore(undefined, 7, 'dg'), 400);
    expect(played).toMatch(/^[-dg]+$/);
    expect(played).toMatch(/d.*g/);
    expect(play(new FaultScore(undefined, 7, 'dg'), 400)).toBe(played);
    expect(play(new FaultScore(played, undefined, ''), 400)).toBe(played);
    expect(play(new FaultScore('', 7, 'dg'), 400)).toBe('-'.repeat(400));
  });

  it('refuses a marble that means nothing', () => {
    expect(() => new FaultScore('-x', undefined, '')).toThrow('"x" is no fault: use - d g s h # |');
    expect(() => new FaultScore(undefined, 1, 'q')).toThrow(TypeError);
  });
});
