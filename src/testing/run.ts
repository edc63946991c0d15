import { TestScheduler } from 'rxjs/testing';
import type { RunHelpers } from 'rxjs/testing';

/**
 * Runs a marble spec in virtual time, under any test framework.
 *
 * Each call has a `TestScheduler` of its own, so nothing scheduled in one spec reaches another. Frames are compared by
 * value; where they differ, an `Error` lists the expected frames with `-` and the actual ones with `+`.
 *
 * @example
 * ```ts
 * it('delivers what waits when credit comes', () => {
 *   run(({ hot, expectObservable }) => {
 *     const source = hot('  ab---|');
 *     const ready = hot('   ---x-x');
 *     const expected = '    ---a-(b|)';
 *     expectObservable(source.pipe(paceWith(ready))).toBe(expected);
 *   });
 * });
 * ```
 * @param spec Receives the helpers of `TestScheduler.run`.
 * @returns What `spec` returns.
 */
export function run<T>(spec: (helpers: RunHelpers) => T): T {
  return new TestScheduler(assertFrames).run(spec);
}

function assertFrames(actual: unknown, expected: unknown): void {
  if (isSame(actual, expected)) return;
  throw new Error(`marbles differ\n${difference(toLines(expected), toLines(actual)).join('\n')}`);
}

/** By value and type. Members that are undefined count, for a marker is *exactly* what the diagram says. */
function isSame(left: unknown, right: unknown): boolean {
  if (Object.is(left, right)) return true;
  if (typeof left !== 'object' || typeof right !== 'object' || left === null || right === null) return false;
  const tag = tagOf(left);
  if (tag !== tagOf(right)) return false;
  if (left instanceof Date && right instanceof Date) return left.getTime() === right.getTime();
  if (left instanceof Map && right instanceof Map) return isSame([...left], [...right]);
  if (left instanceof Set && right instanceof Set) return isSame([...left], [...right]);
  if (left instanceof Error && right instanceof Error) {
    if (left.name !== right.name || left.message !== right.message || !isSame(left.cause, right.cause)) return false;
  }
  const keys = membersOf(left);
  if (keys.length !== membersOf(right).length) return false;
  return keys.every((key) => Object.hasOwn(right, key) && isSame(member(left, key), member(right, key)));
}

/** The errors of RxJS carry name, message and stack as members like any other; a stack differs with every error. */
function membersOf(value: object): string[] {
  const keys = Object.keys(value);
  return value instanceof Error ? keys.filter((key) => !['name', 'message', 'stack', 'cause'].includes(key)) : keys;
}

function member(of: object, key: string): unknown {
  return (of as Readonly<Record<string, unknown>>)[key];
}

function tagOf(value: object): string {
  return Object.prototype.toString.call(value);
}

/** The lines of both, those they share at the start and at the end written once. */
function difference(expected: readonly string[], actual: readonly string[]): string[] {
  const shortest = Math.min(expected.length, actual.length);
  let start = 0;
  while (start < shortest && expected[start] === actual[start]) start += 1;
  let end = 0;
  while (end < shortest - start && expected.at(-1 - end) === actual.at(-1 - end)) end += 1;
  const changed = (lines: readonly string[]): readonly string[] => lines.slice(start, lines.length - end);
  return [
    ...expected.slice(0, start).map((line) => `  ${line}`),
    ...changed(expected).map((line) => `- ${line}`),
    ...changed(actual).map((line) => `+ ${line}`),
    ...expected.slice(expected.length - end).map((line) => `  ${line}`),
  ];
}

function toLines(frames: unknown): string[] {
  return Array.isArray(frames) ? frames.map((frame: unknown) => toLine(frame)) : [show(frames)];
}

function toLine(frame: unknown): string {
  if (typeof frame !== 'object' || frame === null) return show(frame);
  const { frame: at, notification, subscribedFrame, unsubscribedFrame } = frame as Readonly<Record<string, unknown>>;
  if (subscribedFrame !== undefined) return `subscribed ${show(subscribedFrame)} to ${show(unsubscribedFrame)}`;
  if (typeof notification !== 'object' || notification === null) return show(frame);
  const { kind, value, error } = notification as Readonly<Record<string, unknown>>;
  if (kind === 'C') return `${show(at)} complete`;
  return kind === 'E' ? `${show(at)} error ${show(error)}` : `${show(at)} next ${show(value)}`;
}

function show(value: unknown): string {
  const above: object[] = [];
  const write = (part: unknown): string => {
    if (typeof part === 'string') return JSON.stringify(part);
    if (typeof part === 'function') return `function ${part.name}`;
    if (typeof part !== 'object' || part === null) return Object.is(part, -0) ? '-0' : String(part);
    if (above.includes(part)) return '(circular)';
    above.push(part);
    const text = writeObject(part, write);
    above.pop();
    return text;
  };
  return write(value);
}

function writeObject(value: object, write: (part: unknown) => string): string {
  if (Array.isArray(value)) return `[${value.map((part: unknown) => write(part)).join(', ')}]`;
  if (value instanceof Date) return `Date ${value.getTime()}`;
  if (value instanceof Map || value instanceof Set) return `${value.constructor.name} ${write([...value])}`;
  const members = membersOf(value).map((key) => `${key}: ${write(member(value, key))}`);
  const name = value instanceof Error ? `${value.name}(${write(value.message)}) ` : '';
  return name !== '' && members.length === 0 ? name.trim() : `${name}{${members.join(', ')}}`;
}
