import { VirtualTimeScheduler } from 'rxjs';

import type { Inbound } from '../../src/index.js';
import { PortSender } from '../../src/transports/port-sender.js';
import { PortWriter, type PortWriterOwner } from '../../src/transports/port-writer.js';
import { m } from './fake-port.js';

/** A writer, what it posts, and what it tells. */
class Written implements PortWriterOwner {
  taken = 0;
  readonly packets: unknown[] = [];
  readonly told: unknown[] = [];
  readonly turn = new VirtualTimeScheduler();
  readonly sender = new PortSender(10, 1_000);
  /** Whatever has this in it is refused. */
  refused = 'refused';
  readonly writer = new PortWriter(
    (packet) => {
      if (JSON.stringify(packet).includes(this.refused)) throw new Error('no');
      this.packets.push((packet as { sluice: unknown }).sluice);
    },
    this.turn,
    this.sender,
    this,
  );

  constructor() {
    this.sender.grant(10, 1_000);
  }

  flushed(): void {
    this.told.push('flushed');
  }

  unsendable(instead: Inbound): void {
    this.told.push(instead);
  }

  broken(error: unknown): void {
    this.told.push(error);
    this.writer.stop();
  }
}

describe('PortWriter', () => {
  it('posts words, what was taken, and messages together at the end of the turn', () => {
    const written = new Written();
    const { writer, packets, turn } = written;
    writer.send(m('a'));
    writer.say(['ping']);
    writer.asked();
    written.taken = 3;
    writer.send(m('b'));
    expect([packets, turn.actions.length]).toEqual([[], 1]);
    turn.flush();
    expect([packets, written.told]).toEqual([[[['ping'], ['taken', 3], m('a'), m('b')]], ['flushed']]);
    writer.join();
    turn.flush();
    expect(packets).toHaveLength(1);
  });

  it('posts at once when it is told to, and the turn has nothing left', () => {
    const { writer, packets, turn } = new Written();
    writer.send(m('a'));
    writer.flush();
    turn.flush();
    expect(packets).toEqual([[m('a')]]);
  });

  it('waits for nothing while nothing may be posted', () => {
    const { writer, turn, sender } = new Written();
    sender.grant(1, 1);
    writer.send(m('a'));
    writer.flush();
    turn.flush();
    expect([writer.send(m('b')), turn.actions.length]).toEqual([false, 0]);
  });

  it('asks for credit when half is used, and again for each answer that leaves it so', () => {
    const { writer, packets, turn, sender } = new Written();
    sender.grant(2, 1_000);
    for (const method of ['a', 'b', 'c', 'd']) writer.send(m(method));
    turn.flush();
    sender.taken(1);
    writer.answered();
    turn.flush();
    sender.taken(3);
    writer.answered();
    turn.flush();
    sender.taken(4);
    writer.answered();
    expect(packets).toEqual([[m('a'), m('b'), ['more']], [m('c'), ['more']], [m('d')]]);
    expect(turn.actions).toHaveLength(0);
  });

  it('asks for credit for a message that is too large to be posted behind others', () => {
    const { writer, packets, turn, sender } = new Written();
    sender.grant(10, 100);
    const large = m('x'.repeat(70));
    for (const message of [m('y'.repeat(30)), large]) {
      writer.send(message);
      turn.flush();
    }
    expect(packets).toEqual([[m('y'.repeat(30))], [['more']]]);
    sender.taken(1);
    writer.answered();
    turn.flush();
    expect(packets.at(-1)).toEqual([large, ['more']]);
  });

  it('tells what was taken once for each time it is asked', () => {
    const written = new Written();
    const { writer, packets, turn } = written;
    for (const taken of [1, 2]) {
      written.taken = taken;
      writer.tookSome();
    }
    expect(turn.actions).toHaveLength(0);
    writer.asked();
    turn.flush();
    writer.asked();
    turn.flush();
    expect(packets).toEqual([[['taken', 2]]]);
    written.taken = 3;
    writer.tookSome();
    turn.flush();
    expect(packets).toEqual([[['taken', 2]], [['taken', 3]]]);
  });

  it('posts one by one what the port refuses together, and something in the place of what it refuses alone', () => {
    const { writer, packets, told, turn } = new Written();
    const problem = { code: -32_603, message: 'cannot be sent: no' };
    writer.say(['ping']);
    writer.send({ id: 1, result: 'refused' });
    writer.send({ id: null, error: { code: 1, message: 'refused' } });
    writer.send({ id: 2, method: 'refused' });
    writer.send({ method: 'refused' });
    writer.send(m('a'));
    turn.flush();
    expect(packets.filter((frames) => (frames as unknown[]).length > 0)).toEqual([
      [['ping']],
      [{ id: 1, error: problem }],
      [{ id: null, error: problem }],
      [['void']],
      [['void']],
      [m('a')],
    ]);
    expect(told).toEqual([
      { id: 2, error: problem },
      { malformed: new TypeError('refused cannot be sent: no') },
      'flushed',
    ]);
  });

  it.each([
    ['a word', (writer: PortWriter) => writer.say(['ping'])],
    ['a message', (writer: PortWriter) => writer.send(m('a'))],
    ['several', (writer: PortWriter) => [writer.send(m('a')), writer.send(m('b'))]],
  ])('says so once when the port takes nothing any more, %s least of all', (_what, send) => {
    const written = new Written();
    written.refused = 'sluice';
    send(written.writer);
    written.turn.flush();
    expect(written.told.slice(0, 1)).toEqual([new Error('no')]);
    expect(written.told.filter((told) => told !== 'flushed')).toHaveLength(1);
  });

  it('posts nothing when it has stopped', () => {
    const { writer, packets, turn } = new Written();
    writer.send(m('a'));
    writer.stop();
    writer.say(['ping']);
    writer.post([['ping']]);
    turn.flush();
    expect(packets).toEqual([]);
  });
});
