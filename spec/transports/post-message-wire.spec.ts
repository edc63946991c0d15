import { asyncScheduler, queueScheduler, throwError, VirtualTimeScheduler } from 'rxjs';

import { run } from '../../src/testing/index.js';
import { postMessageWire } from '../../src/transports/index.js';
import { FakePort, m, Opened } from './fake-port.js';

const HELLO = ['hello', expect.any(String), null, 1_024, 1_048_576];

describe('postMessageWire', () => {
  describe('its greeting', () => {
    it('comes first, and nothing else before the other end has greeted', () => {
      const opened = new Opened();
      expect(opened.send('a', 'b')).toEqual([true, true]);
      expect(opened.turned()).toEqual([[HELLO]]);
      opened.port.say(['hello', 'peer', null, 4, 1_000]);
      expect(opened.turned()).toEqual([[['hello', HELLO[1], 'peer', 1_024, 1_048_576], m('a'), m('b')]]);
    });

    it('is not said again to an end that has heard it', () => {
      const opened = new Opened();
      const { name } = opened;
      opened.port.look();
      opened.send('a');
      opened.port.say(['hello', 'peer', name, 4, 1_000]);
      opened.port.say(['hello', 'peer', null, 4, 1_000]);
      expect(opened.turned()).toEqual([[m('a')]]);
      expect(opened.ends).toEqual([]);
    });

    it('of an end that speaks with one that was here before is none, and neither is what it says', () => {
      const opened = new Opened().listen();
      expect(opened.name).not.toBe('');
      opened.port.say(m('old'), ['close', 'old', true], ['taken', 7], ['ping']);
      opened.port.say(['hello', 'peer', 'somebody else', 4, 1_000], m('old'));
      expect(opened.turned()).toEqual([[HELLO]]);
      opened.greet();
      opened.port.say(m('new'));
      expect([opened.read, opened.ends]).toEqual([[m('new')], []]);
    });

    it('of another end says that the one before is gone', () => {
      const opened = new Opened().greet().listen();
      opened.port.say(m('a'), ['hello', 'another', null, 4, 1_000], m('b'));
      expect([opened.read, opened.ends]).toEqual([[m('a'), 'end'], [{ reason: 'peer restarted', orderly: false }]]);
      // Not even a good-bye: it would be taken for one to the new end.
      expect([opened.turned(), opened.port.isHeard]).toEqual([[], false]);
    });
  });

  describe('credit', () => {
    it('E7: lets as much be out as the other end said, and is full then', () => {
      const opened = new Opened().greet(3);
      expect(opened.send('a', 'b', 'c', 'd')).toEqual([true, true, false, false]);
      expect(opened.turned()).toEqual([[m('a'), m('b'), m('c'), ['more']]]);
      opened.port.say(['taken', 1]);
      expect([opened.turned(), opened.room]).toEqual([[[m('d'), ['more']]], 0]);
      opened.port.say(['taken', 3]);
      expect([opened.turned(), opened.room]).toEqual([[], 1]);
      expect(opened.send('e')).toEqual([true]);
    });

    it('counts bytes too, and lets a message out alone that is larger than all of it', () => {
      const opened = new Opened().greet(10, 100);
      const large = { method: 'x'.repeat(200) };
      expect([opened.wire.send(m('a')), opened.wire.send(large)]).toEqual([true, false]);
      expect(opened.turned()).toEqual([[m('a'), ['more']]]);
      opened.port.say(['taken', 1]);
      expect([opened.turned(), opened.room]).toEqual([[[large, ['more']]], 0]);
      opened.port.say(['taken', 2]);
      expect(opened.room).toBe(1);
    });

    it('is full at its own credit until the other end has said one', () => {
      const opened = new Opened({ credit: 2 });
      expect(opened.send('a', 'b')).toEqual([true, false]);
      opened.port.say(['hello', 'peer', opened.name, 10, 1_000]);
      expect(opened.room).toBe(1);
    });

    it('is asked for above half, once until it comes', () => {
      const opened = new Opened().greet(4);
      const turns = ['a', 'b', 'c', 'd'].map((method) => [opened.send(method), opened.turned()][1]);
      expect(turns).toEqual([[[m('a')]], [[m('b')]], [[m('c'), ['more']]], [[m('d')]]]);
      opened.port.say(['taken', 1]);
      expect(opened.turned()).toEqual([[['more']]]);
      opened.port.say(['taken', 2]);
      expect([opened.turned(), opened.room]).toEqual([[], 1]);
    });

    it('comes back when the other end asks, and has something to come back', () => {
      const opened = new Opened().greet();
      opened.port.say(m('a'), m('b'), ['more']);
      expect(opened.turned()).toEqual([]);
      opened.listen();
      opened.port.say(m('c'));
      expect(opened.turned()).toEqual([[['taken', 3]]]);
      opened.port.say(m('d'));
      expect(opened.turned()).toEqual([]);
      opened.port.say(['more']);
      opened.send('answer');
      expect(opened.turned()).toEqual([[['taken', 4], m('answer')]]);
    });

    it('does not come back while the reader pauses, from the message on that made it', () => {
      const opened = new Opened().greet();
      opened.wire.inbound$.subscribe(() => opened.wire.pause?.());
      opened.port.say(m('a'), m('b'), m('c'), ['more']);
      expect(opened.turned()).toEqual([[['taken', 1]]]);
      opened.port.say(['more']);
      expect(opened.turned()).toEqual([]);
      opened.wire.resume?.();
      expect(opened.turned()).toEqual([[['taken', 2]]]);
    });

    it('does not come back from a reader that has left', () => {
      const opened = new Opened().greet();
      const reading = opened.wire.inbound$.subscribe(() => reading.unsubscribe());
      opened.port.say(m('a'), m('b'), ['more']);
      expect(opened.turned()).toEqual([[['taken', 1]]]);
    });

    it('that is overrun ends the connection, and both know', () => {
      const opened = new Opened({ credit: 2 }).greet();
      opened.port.say(m('a'), m('b'), m('c'));
      opened.listen();
      expect(opened.port.look()).toEqual([[['close', 'peer overran its credit', false]]]);
      expect(opened.ends).toEqual([{ reason: 'peer overran its credit', orderly: false }]);
      expect(opened.read).toEqual([m('a'), m('b'), 'end']);
    });

    it('is overrun as well by messages that nobody takes and that weigh far more than it', () => {
      const opened = new Opened({ creditBytes: 100 }).greet();
      const large = { method: 'large', params: 'x'.repeat(1_000) };
      opened.port.say(large, large, large);
      expect(opened.ends).toEqual([{ reason: 'peer overran its credit', orderly: false }]);
    });

    it('that was never given cannot come back', () => {
      const opened = new Opened().greet();
      opened.send('a');
      opened.turned();
      opened.port.say(['taken', 2]);
      expect(opened.ends).toEqual([{ reason: 'peer overran its credit', orderly: false }]);
    });
  });

  describe('its turns', () => {
    it('join what is sent into one packet', () => {
      run(({ expectObservable }) => {
        const port = new FakePort();
        const wire = postMessageWire(port, { heartbeat: 0 });
        port.say(['hello', 'peer', null, 10, 1_000]);
        asyncScheduler.schedule(() => ['a', 'b', 'c'].forEach((method) => wire.send(m(method))), 5);
        asyncScheduler.schedule(() => {
          expect(port.posted.slice(1)).toEqual([[m('a'), m('b'), m('c')]]);
          wire.close();
        }, 6);
        expectObservable(wire.inbound$).toBe('------|');
      });
    });

    it('are each message, with a queueScheduler', () => {
      const opened = new Opened({ joinOn: queueScheduler }).greet();
      opened.send('a', 'b');
      expect(opened.port.posted).toEqual([[m('a')], [m('b')]]);
    });

    it('E5: let a reader send, receive and close from inside a delivery, in one order', () => {
      const opened = new Opened().greet();
      opened.wire.inbound$.subscribe((inbound) => {
        opened.wire.send(inbound as { method: string });
        if ('method' in inbound && inbound.method === 'a') opened.port.say(m('nested'));
        if ('method' in inbound && inbound.method === 'b') opened.wire.close();
      });
      opened.port.say(m('a'), m('b'), m('c'));
      expect(opened.port.posted.flat()).toEqual([m('a'), m('nested'), m('b'), ['more'], ['close', 'closed', true]]);
    });
  });

  describe('a message the port does not take', () => {
    it('throws, if it has a function or a symbol in it, before anything is sent', () => {
      const opened = new Opened().greet();
      expect(() => opened.wire.send({ method: 'a', params: { f: () => 1 } })).toThrow(
        new TypeError('a function cannot be posted'),
      );
      expect(opened.turned()).toEqual([]);
    });

    it('is settled at its sender, and takes nothing else along', () => {
      const opened = new Opened().greet(20).listen();
      // A proxy looks like plain data.
      const params = new Proxy({}, {});
      opened.send('before');
      opened.wire.send({ id: 1, method: 'question', params });
      opened.wire.send({ method: 'event', params });
      opened.wire.send({ id: 2, result: params });
      opened.wire.send({ id: 3, error: { code: 1, message: 'no', data: params } });
      opened.send('after');
      const problem = { code: -32_603, message: expect.stringMatching(/^cannot be sent: .*cloned/) as string };
      expect(opened.turned().filter((frames) => frames.length > 0)).toEqual([
        [m('before')],
        [['void']],
        [['void']],
        [{ id: 2, error: problem }],
        [{ id: 3, error: problem }],
        [m('after')],
      ]);
      expect(opened.read).toEqual([
        { id: 1, error: problem },
        { malformed: expect.objectContaining({ message: expect.stringMatching(/^event cannot be sent: /) as string }) },
      ]);
      expect(opened.ends).toEqual([]);
    });

    it('that was the other end’s costs no credit', () => {
      const opened = new Opened().greet().listen();
      opened.port.say(['void'], m('a'), ['more']);
      expect([opened.read, opened.turned()]).toEqual([[m('a')], [[['taken', 2]]]]);
    });

    it('is no matter when the port takes nothing at all: it has failed', () => {
      const opened = new Opened().greet();
      opened.port.refuses = () => true;
      opened.send('a');
      opened.endTurn();
      expect(opened.ends).toEqual([{ reason: 'port failed', orderly: false, error: new Error('refused') }]);
    });
  });

  it('tells what is no packet, no word or no message, and goes on', () => {
    const opened = new Opened().greet().listen();
    for (const value of ['x', null, [m('a')], { sluice: 1 }, { type: 'webpackOk' }]) opened.port.throwIn(value);
    opened.port.say(['hello', 1], ['taken', '1'], ['close'], ['sing'], 7, { id: {} }, m('a'));
    const told = opened.read.map((one) =>
      typeof one === 'object' && 'malformed' in one ? one.malformed.message : one,
    );
    expect(told).toEqual([
      ...Array<string>(5).fill('not a packet of the other end'),
      ...Array<string>(4).fill('not a word of the other end'),
      'not a JSON-RPC message: a message is a JSON object',
      'not a JSON-RPC message: a message has a "method", a "result" or an "error"',
      m('a'),
    ]);
    opened.port.say(['more']);
    expect(opened.turned()).toEqual([[['taken', 3]]]);
  });

  it('holds only as much of what others post as it has credit for', () => {
    const opened = new Opened({ credit: 3 }).greet();
    for (let n = 0; n < 100; n += 1) opened.port.throwIn(n);
    opened.listen();
    expect(opened.read).toHaveLength(3);
  });

  describe('its end (D3)', () => {
    it('is told the other side behind what was sent, at once', () => {
      const opened = new Opened().greet().listen();
      opened.wire.closed$.subscribe(() => {
        expect(opened.port.look()).toEqual([[m('a')], [['close', 'enough', false]]]);
      });
      opened.send('a');
      opened.wire.close({ reason: 'enough', orderly: false });
      opened.wire.close({ reason: 'again', orderly: true });
      opened.port.say(m('late'));
      expect(opened.send('late')).toEqual([true]);
      expect([opened.read, opened.ends]).toEqual([['end'], [{ reason: 'enough', orderly: false }]]);
      expect([opened.turned(), opened.port.isHeard]).toEqual([[], false]);
      expect.hasAssertions();
    });

    it('is what the other side said, and what came before is delivered, paused or not', () => {
      const opened = new Opened().greet().listen();
      opened.wire.pause?.();
      opened.port.say(m('a'), ['close', 'shutdown', true], m('b'));
      expect(opened.read).toEqual([m('a'), 'end']);
      expect([opened.ends, opened.port.isHeard]).toEqual([[{ reason: 'shutdown', orderly: true }], false]);
    });

    it('keeps what came for a reader that comes later', () => {
      const opened = new Opened().greet();
      opened.port.say(m('a'), ['close', 'shutdown', true]);
      expect(opened.listen().read).toEqual([m('a'), 'end']);
    });

    it('waits, for the port, until what has no credit is out', () => {
      const opened = new Opened().greet(1).listen();
      opened.send('a', 'b');
      opened.wire.close();
      expect([opened.read, opened.ends.length, opened.port.look()]).toEqual([['end'], 1, [[m('a'), ['more']]]]);
      opened.port.say(['taken', 1]);
      expect(opened.turned()).toEqual([[m('b'), ['more']], [['close', 'closed', true]]]);
      expect(opened.port.isHeard).toBe(false);
    });

    it.each([null, 'it'])(
      'waits for an end that has not said hello, too, whether that has heard %s or not',
      (heard) => {
        const opened = new Opened();
        const { name } = opened;
        opened.wire.close();
        opened.port.look();
        opened.port.say(['hello', 'peer', heard === null ? null : name, 4, 1_000]);
        const answer = heard === null ? [[['hello', name, 'peer', 1_024, 1_048_576]]] : [];
        expect(opened.turned()).toEqual([...answer, [['close', 'closed', true]]]);
        expect(opened.port.isHeard).toBe(false);
      },
    );

    it('brings what was sent to an end that has not said hello', () => {
      const opened = new Opened();
      opened.send('a');
      opened.wire.close();
      opened.port.look();
      opened.port.say(['hello', 'peer', null, 4, 1_000]);
      expect(opened.turned()).toEqual([
        [['hello', HELLO[1], 'peer', 1_024, 1_048_576], m('a')],
        [['close', 'closed', true]],
      ]);
    });

    it('does not wait longer than grace, and is no orderly one for who misses something', () => {
      run(() => {
        const opened = new Opened({ grace: 50 }).greet(1);
        opened.send('a', 'b');
        opened.wire.close();
        opened.port.look();
        asyncScheduler.schedule(() => expect([opened.port.look(), opened.port.isHeard]).toEqual([[], true]), 49);
        asyncScheduler.schedule(() => {
          expect(opened.port.look()).toEqual([[['close', 'closed', false]]]);
          expect(opened.port.isHeard).toBe(false);
        }, 51);
      });
    });

    it('comes with the port, which may have a reason', () => {
      const [silent, talkative, failed] = [new Opened(), new Opened(), new Opened()];
      silent.port.closed.next({ code: 1 });
      talkative.port.closed.next('peer exited with code 1');
      failed.port.closed.error(new Error('unreadable'));
      expect([silent, talkative, failed].map(({ ends, port }) => [...ends, port.isHeard])).toEqual([
        [{ reason: 'port closed', orderly: false }, false],
        [{ reason: 'peer exited with code 1', orderly: false }, false],
        [{ reason: 'port failed', orderly: false, error: new Error('unreadable') }, false],
      ]);
      expect(silent.port.closed.observed).toBe(false);
    });

    it('is there at once for a port that is dead already', () => {
      const port = { post: () => undefined, listen: () => () => undefined };
      const dead = postMessageWire({ ...port, closed: throwError(() => 'dead') });
      const ends: unknown[] = [];
      dead.closed$.subscribe((info) => ends.push(info));
      expect(ends).toEqual([{ reason: 'port failed', orderly: false, error: 'dead' }]);
    });

    it('is found by a heartbeat, when the other side says nothing any more', () => {
      run(({ expectObservable }) => {
        const opened = new Opened({ heartbeat: 10, scheduler: asyncScheduler, joinOn: queueScheduler }).greet();
        asyncScheduler.schedule(() => opened.port.say(['ping']), 15);
        asyncScheduler.schedule(() => opened.port.say(m('a')), 25);
        // Pings at 10, 20 and, after the last sign of life, at 30 and 40.
        expectObservable(opened.wire.closed$).toBe('50ms (x|)', {
          x: { reason: 'peer unresponsive', orderly: false },
        });
        asyncScheduler.schedule(() => {
          const words = opened.port.posted.flat();
          expect(words).toEqual([
            ['ping'],
            ['pong'],
            ['ping'],
            ['ping'],
            ['ping'],
            ['close', 'peer unresponsive', false],
          ]);
        }, 60);
      });
    });

    it('stops the heartbeat, while something is still on its way too', () => {
      for (const greetedFirst of [true, false]) {
        const clock = new VirtualTimeScheduler();
        const opened = new Opened({ heartbeat: 10, grace: 1_000, scheduler: clock });
        if (greetedFirst) opened.greet(1);
        opened.send('a', 'b');
        opened.wire.close();
        if (!greetedFirst) opened.greet(1);
        clock.flush();
        // Only the good-bye, when the time is over.
        expect([clock.frame, opened.turned().flat().filter(Array.isArray)]).toEqual([
          1_000,
          greetedFirst ? [['more'], ['close', 'closed', false]] : [['close', 'closed', false]],
        ]);
      }
    });

    it('leaves no timer behind, whoever it comes from', () => {
      const endings: ((opened: Opened) => unknown)[] = [
        ({ wire }) => wire.close(),
        ({ port }) => port.say(['close', 'enough', true]),
        ({ port }) => port.closed.next('dead'),
        ({ port }) => port.say(['hello', 'another', null, 1, 1]),
      ];
      for (const end of endings) {
        const clock = new VirtualTimeScheduler();
        const opened = new Opened({ heartbeat: 10, scheduler: clock }).greet();
        expect(clock.actions).toHaveLength(1);
        end(opened);
        expect(clock.actions).toHaveLength(0);
      }
    });

    it('has no heartbeat before the other end is there, nor after the end, nor without one', () => {
      run(({ expectObservable, flush }) => {
        const alone = new Opened({ heartbeat: 10 });
        const never = new Opened({ heartbeat: 0 }).greet();
        const over = new Opened({ heartbeat: 10 }).greet();
        over.wire.close();
        over.port.look();
        expectObservable(alone.wire.closed$, '999ms !').toBe('');
        expectObservable(never.wire.closed$, '999ms !').toBe('');
        flush();
        expect([never.turned(), over.turned()]).toEqual([[], []]);
      });
    });
  });

  it('says a credit that every port can carry', () => {
    const opened = new Opened({ credit: Infinity, creditBytes: 0 });
    expect(opened.turned()).toEqual([[['hello', expect.any(String), null, Number.MAX_SAFE_INTEGER, 1]]]);
  });

  it('needs a port to post and to listen to, nothing more', () => {
    run(({ expectObservable }) => {
      const wire = postMessageWire({ post: () => undefined, listen: () => () => undefined });
      wire.close();
      expectObservable(wire.inbound$).toBe('|');
    });
  });
});
