/** Most parts compared. Beyond it two values count as different, which costs a redraw and no truth. */
const LIMIT = 10_000;

/**
 * Whether two JSON values say the same. A part that came again as it was can so keep its identity, and what shows it
 * need not be drawn again. With a list instead of recursion: however deep a message is nested, the stack is not.
 */
export function sameValue(left: unknown, right: unknown): boolean {
  const pairs: [unknown, unknown][] = [[left, right]];
  for (let i = 0; i < pairs.length; i += 1) {
    const [one, other] = pairs[i] as [unknown, unknown];
    if (Object.is(one, other)) continue;
    if (typeof one !== 'object' || typeof other !== 'object' || one === null || other === null) return false;
    if (Array.isArray(one) !== Array.isArray(other)) return false;
    const keys = Object.keys(one);
    if (keys.length !== Object.keys(other).length || pairs.length + keys.length > LIMIT) return false;
    for (const key of keys) {
      if (!Object.hasOwn(other, key)) return false;
      pairs.push([one[key as keyof typeof one], other[key as keyof typeof other]]);
    }
  }
  return true;
}
