import { NEVER, Subject, throwError } from 'rxjs';

import type { ClientOptions } from '../../src/client/client.js';
import { type Formal, watch } from '../rules/support.js';
import { atOnce, broken, done, formalClient, type ReconnectingClient } from './reconnecting-client.js';

/** A client on its second wire, whose handshake is not answered yet. */
function rejoining(rejoin: NonNullable<ClientOptions<Formal>['rejoin']>): ReconnectingClient<Formal> {
  const set = formalClient({ ...atOnce, client: { rejoin } });
  set.greet('first');
  set.wire.end({ reason: 'cut', orderly: false });
  return set;
}

const methods = ({ wire }: ReconnectingClient<Formal>): unknown[] =>
  wire.sent.map((message) => ('method' in message ? message.method : 'answer'));

describe('openSession', () => {
  describe('rejoin', () => {
    it('runs after each handshake but the first, before what waits is sent, and is told the handshake s result', () => {
      const results: unknown[] = [];
      const set = rejoining((session, result) => {
        results.push(result);
        return session.request('read', { n: 1 });
      });
      const states = watch(set.states);
      const waiting = watch(set.client.request('echo', 'x'));
      set.client.notify('log', 'y');
      expect(methods(set)).toEqual(['initialize']);
      set.greet('second');
      expect(methods(set)).toEqual(['initialize', 'initialized', 'read']);
      expect(states.values).toEqual(['1']);
      set.wire.receive({ id: 3, result: 7 });
      expect(methods(set)).toEqual(['initialize', 'initialized', 'read', 'echo', 'log']);
      expect(states.values).toEqual(['1', 'r']);
      set.wire.receive({ id: 2, result: 'x' });
      expect(waiting.values).toEqual(['x']);
      expect(results).toEqual([{ name: 'second' }]);
    });

    it('that fails is a diagnostic, and the session opens', () => {
      const error = new Error('no such thread');
      for (const fail of [
        () => throwError(() => error),
        () => {
          throw error;
        },
      ]) {
        const set = rejoining(fail);
        const found = watch(set.client.diagnostics$);
        const states = watch(set.states);
        set.greet();
        expect(states.values).toEqual(['1', 'r']);
        expect(found.values.at(-1)).toEqual({ type: 'callbackFailed', method: 'rejoin', error });
      }
    });

    it('whose requests have ids and time limits of their own, like any other', () => {
      const answers: unknown[] = [];
      const set = rejoining((session) => {
        session.request('echo', 'x', { id: 'mine' }).subscribe((answer) => answers.push(answer));
        return NEVER;
      });
      set.greet();
      set.wire.receive({ id: 'mine', result: 'yours' });
      expect(answers).toEqual(['yours']);
    });

    it('is over with its wire: neither its error nor its end counts for the next', () => {
      const ends: Subject<void>[] = [];
      const set = rejoining((session) => {
        session.request('echo', 'lost').subscribe({ error: () => undefined });
        const end = new Subject<void>();
        ends.push(end);
        return end;
      });
      const [states, found] = [watch(set.states), watch(set.client.diagnostics$)];
      set.greet();
      set.wire.end();
      ends[0]?.error(new Error('stale'));
      set.greet();
      set.wire.end();
      ends[1]?.complete();
      set.greet();
      expect(states.values).toEqual(['1', '2', '3']);
      expect(found.values.map(({ type }) => type)).toEqual(Array(3).fill('connectionLost'));
      ends[2]?.complete();
      expect(states.values).toEqual(['1', '2', '3', 'r']);
    });

    it('is left when its wire is lost, and when all is over', () => {
      const ends: Subject<void>[] = [];
      const set = rejoining(() => {
        const end = new Subject<void>();
        ends.push(end);
        return end;
      });
      set.greet();
      set.wire.end();
      set.greet();
      expect(ends.map(({ observed }) => observed)).toEqual([false, true]);
      set.client.shutdown();
      expect(ends.map(({ observed }) => observed)).toEqual([false, false]);
    });

    it('E2 sees its events come behind the gap', () => {
      const set = rejoining((session) => session.request('read', { n: 1 }));
      const events = watch(set.client.events$);
      set.greet();
      set.wire.receive(done(1));
      expect(events.values).toMatchObject([broken(2), { method: 'done' }]);
    });

    it('that a shutdown cuts short is no diagnostic', () => {
      const set = rejoining((session) => session.request('read', { n: 1 }));
      set.greet();
      const found = watch(set.client.diagnostics$);
      const report = watch(set.client.shutdown());
      set.wire.end();
      expect(report).toMatchObject({ end: 'complete' });
      expect(found.values.map(({ type }) => type)).toEqual(['connectionLost']);
    });
  });
});
