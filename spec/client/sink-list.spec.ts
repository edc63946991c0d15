import { SinkList } from '../../src/client/sink-list.js';

const of = (...names: string[]): SinkList<string> => {
  const list = new SinkList<string>();
  for (const name of names) list.add(name);
  return list;
};

describe('SinkList', () => {
  it('E5 keeps the order in which they joined, whoever leaves', () => {
    const list = of('a', 'b', 'c');
    list.delete('b');
    list.add('d');
    list.delete('nobody');
    expect(list.sinks).toEqual(['a', 'c', 'd']);
  });

  it('E5 shows who iterates those of the moment the iteration started', () => {
    const list = of('a', 'b', 'c');
    const seen: string[] = [];
    for (const sink of list.sinks) {
      seen.push(sink);
      list.delete('c');
      list.add(`after ${sink}`);
    }
    expect(seen).toEqual(['a', 'b', 'c']);
    expect(list.sinks).toEqual(['a', 'b', 'after a', 'after b', 'after c']);
  });

  it('copies nothing to be read', () => {
    const list = of('a');
    expect(list.sinks).toBe(list.sinks);
  });
});
