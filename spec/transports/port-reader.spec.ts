import { Observable, type Subscription } from 'rxjs';

import type { Inbound, Message } from '../../src/index.js';
import { PortReader } from '../../src/transports/port-reader.js';
import { m } from './fake-port.js';

function open(credit = 10): { reader: PortReader; read: unknown[]; told: number[]; listen: () => Subscription } {
  const read: unknown[] = [];
  const told: number[] = [];
  const reader: PortReader = new PortReader(credit, 1_000, () => told.push(reader.taken));
  const inbound$ = new Observable<Inbound>((subscriber) => reader.open(subscriber));
  const listen = (): Subscription =>
    inbound$.subscribe({ next: (inbound) => read.push(inbound), complete: () => read.push('end') });
  return { reader, read, told, listen };
}

describe('PortReader', () => {
  it('gives the reader what comes, and tells that it was taken', () => {
    const { reader, read, told, listen } = open();
    listen();
    expect([reader.receive(m('a')), reader.receive(m('b'))]).toEqual([true, true]);
    expect([read, told]).toEqual([
      [m('a'), m('b')],
      [1, 2],
    ]);
  });

  it('holds what nobody takes, and refuses what is over the credit', () => {
    const { reader, read, told, listen } = open(2);
    expect(['a', 'b'].map((method) => reader.receive(m(method)))).toEqual([true, true]);
    expect([read, told]).toEqual([[], []]);
    listen();
    expect([read, told]).toEqual([[m('a'), m('b')], [2]]);
    reader.pause();
    expect(['c', 'd', 'e'].map((method) => reader.receive(m(method)))).toEqual([true, true, false]);
    reader.resume();
    expect(told).toEqual([2, 4]);
  });

  it('holds no more than sixteen times the bytes of its credit, but one message of any size', () => {
    const { reader, read, listen } = open();
    const large = (bytes: number) => ({ method: 'large', params: 'x'.repeat(bytes) });
    let deep: unknown[] = [];
    for (let depth = 0; depth < 100_000; depth += 1) deep = [deep];
    const take = (...messages: Message[]): boolean[] => messages.map((message) => reader.receive(message));
    expect(take(large(7_900), large(7_900), large(1_000))).toEqual([true, true, false]);
    listen();
    expect(read).toHaveLength(2);
    expect(take(...Array.from({ length: 5 }, () => large(90_000)))).toEqual(Array(5).fill(true));
    reader.pause();
    expect(take(large(90_000), m('a'))).toEqual([true, false]);
    reader.resume();
    reader.pause();
    expect(take(m('a'), { method: 'deep', params: deep })).toEqual([true, false]);
  });

  it('charges nobody for what it is told by others, and holds no more of it than there is credit', () => {
    const { reader, read, told, listen } = open(2);
    const malformed = { malformed: new Error('x') };
    for (let n = 0; n < 9; n += 1) reader.tell(malformed);
    listen();
    expect([read, told, reader.taken]).toEqual([[malformed, malformed], [], 0]);
  });

  it('holds what became of something that was sent, however much waits', () => {
    const { reader, read, told, listen } = open(1);
    reader.receive(m('a'));
    const answers = [1, 2].map((id) => ({ id, error: { code: 1, message: 'cannot be sent' } }));
    for (const answer of answers) reader.settle(answer);
    listen();
    expect([read, told]).toEqual([[m('a'), ...answers], [1]]);
  });

  it('takes note of a message that could not be posted', () => {
    const { reader, told } = open(1);
    reader.skip();
    expect([told, reader.receive(m('a')), reader.receive(m('b'))]).toEqual([[1], true, false]);
  });

  it('goes on with another reader after one that has left', () => {
    const { reader, read, listen } = open();
    const first = listen();
    first.unsubscribe();
    reader.receive(m('a'));
    expect(read).toEqual([]);
    listen();
    expect(read).toEqual([m('a')]);
  });

  it('delivers what it holds before the end, also to one that comes later, and nothing after it', () => {
    const paused = open();
    paused.listen();
    paused.reader.pause();
    paused.reader.receive(m('a'));
    paused.reader.end(() => undefined);
    paused.reader.receive(m('b'));
    expect(paused.read).toEqual([m('a'), 'end']);
    const late = open();
    late.reader.receive(m('a'));
    late.reader.end(() => undefined);
    late.listen();
    expect(late.read).toEqual([m('a'), 'end']);
  });

  it('delivers all of it to a reader that pauses at each', () => {
    const read: unknown[] = [];
    const reader: PortReader = new PortReader(9, 1_000, () => undefined);
    new Observable<Inbound>((subscriber) => reader.open(subscriber)).subscribe({
      next: (inbound) => {
        read.push(inbound);
        reader.pause();
      },
      complete: () => read.push('end'),
    });
    for (const method of ['a', 'b', 'c']) reader.receive(m(method));
    reader.end(() => read.push('done'));
    expect(read).toEqual([m('a'), m('b'), m('c'), 'end', 'done']);
  });

  it('completes behind what is being delivered when the end comes from inside', () => {
    const reader: PortReader = new PortReader(9, 1_000, () => undefined);
    const read: unknown[] = [];
    new Observable<Inbound>((subscriber) => reader.open(subscriber)).subscribe({
      next: (inbound) => {
        read.push(inbound);
        if (read.length > 1) return;
        reader.receive(m('b'));
        reader.end(() => read.push('done'));
        expect(read).toEqual([m('a')]);
      },
      complete: () => read.push('end'),
    });
    reader.receive(m('a'));
    expect(read).toEqual([m('a'), m('b'), 'end', 'done']);
  });

  it('forgets what it holds when nothing is wanted any more', () => {
    const { reader, read, listen } = open();
    listen();
    reader.pause();
    reader.receive(m('a'));
    reader.drop();
    reader.resume();
    expect(read).toEqual(['end']);
  });
});
