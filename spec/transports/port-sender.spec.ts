import type { PortFrame } from '../../src/transports/port-frame.js';
import { PortSender } from '../../src/transports/port-sender.js';
import { m } from './fake-port.js';

function posted(sender: PortSender): PortFrame[] {
  const frames: PortFrame[] = [];
  sender.post(frames);
  return frames;
}

describe('PortSender', () => {
  it('posts nothing before it was given credit', () => {
    const sender = new PortSender(4, 100);
    expect([sender.push(m('a'), 1), sender.canPost, posted(sender), sender.size]).toEqual([true, false, [], 1]);
    sender.grant(4, 100);
    expect([sender.canPost, posted(sender), sender.size]).toEqual([true, [m('a')], 0]);
  });

  it('posts in order, as far as messages and bytes go', () => {
    const sender = new PortSender(4, 100);
    sender.grant(3, 100);
    expect(['a', 'b', 'c', 'd'].map((method) => sender.push(m(method), 40))).toEqual([true, true, false, false]);
    expect(posted(sender)).toEqual([m('a'), m('b')]);
    expect(sender.taken(1)).toBe(true);
    expect(posted(sender)).toEqual([m('c')]);
    expect([sender.taken(3), posted(sender)]).toEqual([true, [m('d')]]);
  });

  it('posts a message that is larger than all credit when nothing else is out', () => {
    const sender = new PortSender(4, 100);
    sender.grant(4, 100);
    expect([sender.push(m('a'), 500), posted(sender)]).toEqual([false, [m('a')]]);
    sender.push(m('b'), 1);
    expect(posted(sender)).toEqual([]);
  });

  it('has room again, once, when half of its credit is back', () => {
    const sender = new PortSender(4, 100);
    sender.grant(4, 100);
    for (const method of ['a', 'b', 'c', 'd']) sender.push(m(method), 1);
    posted(sender);
    sender.taken(1);
    expect(sender.makeRoom()).toBe(false);
    sender.taken(2);
    expect([sender.makeRoom(), sender.makeRoom(), sender.push(m('e'), 1)]).toEqual([true, false, true]);
  });

  it('is short above half of its credit, by count or by bytes, once it has any', () => {
    const sender = new PortSender(1, 1);
    sender.push(m('a'), 10);
    sender.push(m('b'), 10);
    expect(sender.isShort).toBe(false);
    sender.grant(4, 100);
    expect(sender.isShort).toBe(false);
    sender.push(m('c'), 10);
    expect(sender.isShort).toBe(true);
    sender.grant(10, 60);
    expect(sender.isShort).toBe(false);
    sender.push(m('d'), 1);
    expect(sender.isShort).toBe(true);
  });

  it('refuses a count that cannot be, and takes an old one for nothing new', () => {
    const sender = new PortSender(4, 100);
    sender.grant(4, 100);
    sender.push(m('a'), 1);
    sender.push(m('b'), 1);
    expect(sender.taken(1)).toBe(false);
    posted(sender);
    expect([sender.taken(2), sender.taken(1), sender.taken(3)]).toEqual([true, true, false]);
  });

  it('forgets what it held', () => {
    const sender = new PortSender(4, 100);
    sender.push(m('a'), 1);
    sender.clear();
    sender.grant(4, 100);
    expect([sender.size, sender.canPost]).toEqual([0, false]);
  });
});
