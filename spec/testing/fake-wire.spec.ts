import type { Inbound, Message } from '../../src/protocol/index.js';
import { fakeWire } from '../../src/testing/fake-wire.js';
import { run } from '../../src/testing/run.js';

const hello: Message = { method: 'hello' };
const answer: Message = { id: 1, result: 'yes' };
const values = { a: { method: 'a' }, b: { method: 'b' }, c: { method: 'c' } };

describe('fakeWire', () => {
  describe('what is sent', () => {
    it('is recorded in order, with its frame', () => {
      run(({ cold, flush }) => {
        const wire = fakeWire();
        cold('--a-b|', values).subscribe((message) => wire.send(message));
        flush();
        expect(wire.sent).toEqual([values.a, values.b]);
        expect(wire.sentAt).toEqual([2, 4]);
      });
    });

    it('is a stream that late subscribers see whole', () => {
      run(({ cold, expectObservable }) => {
        const wire = fakeWire();
        wire.send(values.a);
        cold('            ---b|', values).subscribe((message) => wire.send(message));
        const late = '    -----^';
        const expected = 'a--b';
        const replayed = '-----(ab)';
        expectObservable(wire.sent$).toBe(expected, values);
        expectObservable(wire.sent$, late).toBe(replayed, values);
      });
    });

    it('is discarded after the end', () => {
      const wire = fakeWire();
      wire.end();
      expect(wire.send(hello)).toBe(true);
      expect(wire.sent).toEqual([]);
    });
  });

  describe('what arrives', () => {
    it('reaches the reader at once and in order', () => {
      const wire = fakeWire();
      const seen: Inbound[] = [];
      wire.inbound$.subscribe((message) => seen.push(message));
      const malformed = { malformed: new SyntaxError('no JSON') };
      wire.receive(hello, malformed);
      wire.receive(answer);
      expect(seen).toEqual([hello, malformed, answer]);
    });

    it('waits until somebody reads', () => {
      const wire = fakeWire();
      const seen: Inbound[] = [];
      wire.receive(hello);
      wire.inbound$.subscribe((message) => seen.push(message));
      expect(seen).toEqual([hello]);
    });

    it('waits while the reader is paused', () => {
      const wire = fakeWire();
      const seen: Inbound[] = [];
      wire.inbound$.subscribe((message) => {
        seen.push(message);
        wire.pause?.();
      });
      wire.receive(hello, answer);
      expect(wire.paused).toBe(true);
      expect(seen).toEqual([hello]);
      wire.resume?.();
      expect(seen).toEqual([hello, answer]);
    });

    it('waits while another message is being read', () => {
      const wire = fakeWire();
      const order: string[] = [];
      wire.inbound$.subscribe((message) => {
        if (message === hello) wire.receive(answer);
        order.push(message === hello ? 'hello' : 'answer');
      });
      wire.receive(hello);
      expect(order).toEqual(['hello', 'answer']);
    });

    it('comes from an observable, subscribed by the reader', () => {
      run(({ hot, expectObservable, expectSubscriptions }) => {
        const source = hot('  a--b--c--|', values);
        const reader = '      -^---!';
        const lifetime = '    -^---!';
        const expected = '    ---b';
        const wire = fakeWire({ inbound$: source });
        expectObservable(wire.inbound$, reader).toBe(expected, values);
        expectSubscriptions(source.subscriptions).toBe(lifetime);
      });
    });
  });

  describe('the sink', () => {
    it('takes all until it is filled, and says so on the next message', () => {
      const wire = fakeWire();
      expect(wire.send(hello)).toBe(true);
      wire.fill();
      expect(wire.full).toBe(true);
      expect(wire.send(hello)).toBe(false);
      expect(wire.sent).toHaveLength(2);
    });

    it('is writable again when it is drained', () => {
      run(({ cold, expectObservable }) => {
        const wire = fakeWire();
        wire.fill();
        cold('            -d-d-|').subscribe(() => {
          wire.drain();
        });
        const expected = '-w';
        expectObservable(wire.writable$).toBe(expected, { w: undefined });
      });
    });
  });

  describe('the end', () => {
    it('is told by the far side, with a reason', () => {
      const wire = fakeWire();
      const told: unknown[] = [];
      wire.closed$.subscribe((info) => told.push(info));
      expect(wire.closedWith).toBeUndefined();
      wire.end({ reason: 'peer exited with code 1', orderly: false });
      wire.end();
      wire.closed$.subscribe((info) => told.push(info));
      expect(wire.closedWith).toEqual({ reason: 'peer exited with code 1', orderly: false });
      expect(told).toEqual([wire.closedWith, wire.closedWith]);
    });

    it('is told by the near side', () => {
      const wire = fakeWire();
      wire.close({ reason: 'slow-consumer', orderly: false });
      expect(wire.closedWith).toEqual({ reason: 'slow-consumer', orderly: false });
    });

    it('completes what can be read, after what had arrived', () => {
      const wire = fakeWire();
      const seen: unknown[] = [];
      wire.inbound$.subscribe({
        next: (message) => seen.push(message),
        complete: () => seen.push('end'),
      });
      wire.pause?.();
      wire.receive(hello);
      wire.end();
      wire.receive(answer);
      expect(seen).toEqual([]);
      wire.resume?.();
      expect(seen).toEqual([hello, 'end']);
    });

    it('is orderly when the observable completes', () => {
      run(({ cold, expectObservable }) => {
        const wire = fakeWire({ inbound$: cold('a--|', values) });
        expectObservable(wire.inbound$).toBe('  a--|', values);
        expectObservable(wire.closed$).toBe('   ---(c|)', { c: { reason: 'peer closed', orderly: true } });
        expectObservable(wire.sent$).toBe('     ---|');
      });
    });

    it('is a broken pipe when the observable errors', () => {
      run(({ cold, expectObservable }) => {
        const wire = fakeWire({ inbound$: cold('a--#', values, 'EPIPE') });
        expectObservable(wire.inbound$).toBe('  a--|', values);
        expectObservable(wire.closed$).toBe('   ---(c|)', {
          c: { reason: 'broken pipe', orderly: false, error: 'EPIPE' },
        });
      });
    });
  });

  it('cannot be paused when it is told so', () => {
    const wire = fakeWire({ pausable: false });
    expect(wire.pause).toBeUndefined();
    expect(wire.resume).toBeUndefined();
  });

  it('is remote unless it is told otherwise', () => {
    expect(fakeWire().local).toBe(false);
    expect(fakeWire({ local: true }).local).toBe(true);
  });
});
