/** What happens at one frame of a row: more than one thing if they stand in parentheses. */
export interface Moment {
  readonly frame: number;
  readonly marbles: readonly string[];
}

/** Reads marbles as `TestScheduler.run` does, where a frame is a character; times such as `10ms` are not for pictures. */
export function parseMoments(row: string): readonly Moment[] {
  const moments: Moment[] = [];
  let group: string[] | undefined;
  let groupFrame = 0;
  [...row].forEach((marble, frame) => {
    if (marble === '(') {
      if (group !== undefined) throw new SyntaxError(`a group inside a group: "${row}"`);
      group = [];
      groupFrame = frame;
    } else if (marble === ')') {
      if (group === undefined) throw new SyntaxError(`a group that nothing opened: "${row}"`);
      moments.push({ frame: groupFrame, marbles: group });
      group = undefined;
    } else if (marble !== '-' && marble !== ' ') {
      if (!/[\w|#^!]/.test(marble)) throw new SyntaxError(`no marble: "${marble}" in "${row}"`);
      if (group === undefined) moments.push({ frame, marbles: [marble] });
      else group.push(marble);
    }
  });
  if (group !== undefined) throw new SyntaxError(`a group that nothing closes: "${row}"`);
  return moments;
}

/** The frame at which a stream ends, if its row tells. */
export function endOf(row: string): number | undefined {
  return parseMoments(row).find(({ marbles }) => marbles.some((marble) => '|#!'.includes(marble)))?.frame;
}
