import { guardExit } from '../../src/node/exit-guard.js';

const listeners = (): number => process.listenerCount('exit');

describe('guardExit', () => {
  it('has one listener for any number of guards, and none for none', () => {
    const before = listeners();
    const releases = Array.from({ length: 1_000 }, () => guardExit(() => undefined));
    expect(listeners()).toBe(before + 1);
    for (const release of releases) release();
    expect(listeners()).toBe(before);
  });

  it('does on exit what is still guarded', () => {
    const before = new Set(process.listeners('exit'));
    const done: string[] = [];
    const releases = ['a', 'b', 'c'].map((name) => guardExit(() => done.push(name)));
    releases[1]?.();
    const [listener] = process.listeners('exit').filter((one) => !before.has(one));
    listener?.call(process, 0);
    expect(done).toEqual(['a', 'c']);
    for (const release of releases) release();
    expect(listeners()).toBe(before.size);
  });

  it('may guard the same thing twice and be released twice', () => {
    const before = listeners();
    const cleanUp = (): undefined => undefined;
    const [first, second] = [guardExit(cleanUp), guardExit(cleanUp)];
    first();
    first();
    expect(listeners()).toBe(before + 1);
    second();
    expect(listeners()).toBe(before);
  });
});
