import { Subject } from 'rxjs';

import { connect } from '../../src/client/index.js';
import type { Inbound } from '../../src/protocol/index.js';
import { fakeWire } from '../../src/testing/index.js';
import { connectPlain, plain, watch } from '../rules/support.js';
import { insideDelivery } from './inside-delivery.js';

const done = (n: number): Inbound => ({ method: 'done', params: { n } });
const answer = (id: number): Inbound => ({ id, result: id });
const question = (id: number): Inbound => ({ id, method: 'ask', params: 'well?' });

describe('InboundRouter', () => {
  describe('A2 order', () => {
    it('of answers, events and questions that arrive during a delivery is that of their arrival', () => {
      const set = connectPlain();
      const { client, wire } = set;
      const order: string[] = [];
      const show = (what: string) => (): unknown => order.push(what);
      client.request('echo', 0).subscribe(show('answer 0'));
      client.request('echo', 1).subscribe(show('answer 1'));
      client.serverRequests$.subscribe(({ id }) => order.push(`question ${id} in the inbox`));
      insideDelivery(set, () => {
        client.events$.subscribe((event) => {
          order.push(event.type === 'lagged' ? 'gap' : `${event.method} ${event.seq}`);
        });
        wire.receive(done(1), answer(1), question(7), { method: '$/lagged', params: { skipped: 3 } });
        wire.receive(answer(0), done(2));
        order.push('caused');
      });
      expect(order).toEqual([
        'caused',
        'done 2',
        'answer 1',
        'ask 4',
        'question 7 in the inbox',
        'gap',
        'answer 0',
        'done 9',
      ]);
      expect(client.stats()).toMatchObject({ seq: 9, requests: { inFlight: 0 }, events: { waiting: 0 } });
    });

    it('of what a listener causes puts it behind what waits already', () => {
      const set = connectPlain();
      const { client, wire } = set;
      const seen: number[] = [];
      insideDelivery(set, () => {
        client.notifications('done').subscribe(({ n }) => {
          seen.push(n);
          if (n === 1) wire.receive(done(3));
        });
        wire.receive(done(1), done(2));
      });
      expect(seen).toEqual([1, 2, 3]);
    });
  });

  describe('E9 numbers', () => {
    it('count all that arrives, what is malformed or unmatched too', () => {
      const { client, wire } = connectPlain();
      const exchange = watch(client.exchange('echo', 'x'));
      wire.receive({ malformed: new Error('no JSON') }, answer(99), question(1), done(1), answer(0));
      expect(exchange.values).toEqual([{ id: 0, seq: 5, result: 0 }]);
      expect(client.stats().seq).toBe(5);
    });

    it('E7 pass over what was left out in band, also when the marker waits', () => {
      const set = connectPlain();
      const { client, wire } = set;
      const seen: unknown[] = [];
      insideDelivery(set, () => {
        client.events$.subscribe((event) => seen.push(event));
        wire.receive(done(1), { method: '$/lagged', params: { skipped: 10 } }, done(2));
      });
      expect(seen).toMatchObject([{ seq: 2 }, { type: 'lagged', skipped: 10, first: 3, last: 12 }, { seq: 13 }]);
    });

    it.each([[undefined], [{}], [{ skipped: 0 }], [{ skipped: -1 }], [{ skipped: 1.5 }], [{ skipped: '3' }]])(
      'E7 are not moved by a marker that says nothing: %j',
      (params) => {
        const { client, wire } = connectPlain();
        const seen = watch(client.events$);
        wire.receive({ method: '$/lagged', params }, done(1));
        expect(seen.values).toMatchObject([{ method: 'done', seq: 1 }]);
        expect(client.stats().events).toMatchObject({ emitted: 1, skipped: 0 });
      },
    );
  });

  describe('A2 an answer nobody waits for', () => {
    it('is a diagnostic in its turn, with what it says', () => {
      const set = connectPlain();
      const { client, wire } = set;
      const found = watch(client.diagnostics$);
      insideDelivery(set, () => {
        wire.receive({ id: 5, result: 1 }, { id: null, error: { code: -32700, message: 'what?' } });
        expect(found.values).toEqual([]);
      });
      expect(found.values).toEqual([
        { type: 'unmatchedResponse', id: 5 },
        { type: 'unmatchedResponse', id: null, error: { code: -32700, message: 'what?' } },
      ]);
    });
  });

  describe('S1 questions', () => {
    it('that are refused take a number and are shown nowhere', () => {
      const { client, wire } = connectPlain();
      const seen = watch(client.events$);
      wire.receive({ id: 1, method: 'nothing' }, done(1));
      expect(seen.values).toMatchObject([{ method: 'done', seq: 2 }]);
      expect(wire.sent).toMatchObject([{ id: 1, error: { code: -32601 } }]);
    });

    it('that are settled while they wait are events, and reach no inbox', () => {
      const set = connectPlain();
      const { client, wire } = set;
      const inbox = watch(client.serverRequests$);
      const events: unknown[] = [];
      insideDelivery(set, () => {
        client.events$.subscribe((event) => events.push(event));
        wire.receive(question(1), { method: 'resolved', params: { id: 1 } });
      });
      expect(events).toMatchObject([
        { type: 'serverRequest', id: 1, seq: 2 },
        { method: 'resolved', seq: 3 },
      ]);
      expect(inbox.values).toEqual([]);
      expect(client.openRequests()).toEqual([]);
      expect(wire.sent).toEqual([]);
    });
  });

  it('D3 hears nothing more once the connection is ending, and delivers what it heard', () => {
    const set = connectPlain();
    const { client, wire } = set;
    const seen: unknown[] = [];
    insideDelivery(set, () => {
      client.notifications('done').subscribe({ next: (params) => seen.push(params), complete: () => seen.push('|') });
      wire.receive(done(1));
      wire.end();
      wire.receive(done(2));
      expect(seen).toEqual([]);
    });
    expect(seen).toEqual([{ n: 1 }, '|']);
  });

  it('D3 hears nothing from a wire that goes on after its end', () => {
    const inbound$ = new Subject<Inbound>();
    const wire = { ...fakeWire(), inbound$, close: () => undefined };
    const client = connect(wire, plain);
    client.shutdown();
    inbound$.next({ id: 0, result: 'late' });
    inbound$.next(done(1));
    expect(watch(client.events$)).toMatchObject({ values: [], end: 'complete' });
    expect(client.stats().seq).toBe(0);
  });
});
