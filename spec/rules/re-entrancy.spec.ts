import { EMPTY, expand, last, of } from 'rxjs';

import { isLagged } from '../../src/backpressure/index.js';
import { connect } from '../../src/client/index.js';
import { scriptedServer } from '../../src/testing/index.js';
import { expectIdleClient, expectIdleServer, hostPlain, plain, watch } from './support.js';

const MANY = 100_000;

describe('E5 re-entrancy in process', () => {
  it('expand over 100,000 requests keeps the stack flat', () => {
    const { client, server } = hostPlain();
    const chain = client.request('work', { n: 0 }).pipe(
      expand((n) => (n < MANY ? client.request('work', { n: n + 1 }) : EMPTY)),
      last(),
    );
    const result = watch(chain);
    expect(result.values).toEqual([MANY]);
    expect(result.end).toBe('complete');
    expect(server.stats().requests.answered).toBe(MANY + 1);
    expectIdleClient(client);
    expectIdleServer(server);
  });

  it('expand over 100,000 requests of one scope keeps the stack flat', () => {
    const { client, server } = hostPlain({ work: ({ n }) => of(n) });
    const chain = client.request('work', { n: 0, scope: 'a' }).pipe(
      expand((n) => (n < MANY ? client.request('work', { n: n + 1, scope: 'a' }) : EMPTY)),
      last(),
    );
    expect(watch(chain).values).toEqual([MANY]);
    expectIdleServer(server);
  });

  it('a subscriber answers 100,000 server requests from inside next', () => {
    const { client, server, connection } = hostPlain();
    let answered = 0;
    client.serverRequests$.subscribe((request) => {
      if (request.method === 'ask') request.respond('yes');
    });
    const ask = (): void => {
      server.request(connection, 'ask', `${answered}`).subscribe(() => {
        answered += 1;
        if (answered < MANY) ask();
      });
    };
    ask();
    expect(answered).toBe(MANY);
    expect(client.stats().serverRequests).toEqual({ open: 0, settled: MANY });
    expectIdleClient(client);
    expectIdleServer(server);
  });

  it('a handler answers 100,000 server requests that a loop asks', () => {
    const { client, server, connection } = hostPlain();
    client.handle('ask', (text) => text);
    let answered = 0;
    for (let n = 0; n < MANY; n += 1) {
      server.request(connection, 'ask', 'well?').subscribe(() => {
        answered += 1;
      });
    }
    expect(answered).toBe(MANY);
    expectIdleServer(server);
  });

  it('a listener that causes each next event 100,000 times keeps the stack flat and the order', () => {
    const { client, connection } = hostPlain();
    const sums = [0, 0];
    let inOrder = true;
    let previous = -1;
    client.notifications('done').subscribe(({ n }) => {
      sums[0] = (sums[0] ?? 0) + 1;
      if (n < MANY) connection.notify('done', { n: n + 1 });
    });
    client.notifications('done').subscribe(({ n }) => {
      sums[1] = (sums[1] ?? 0) + 1;
      inOrder &&= n === previous + 1;
      previous = n;
    });
    connection.notify('done', { n: 0 });
    expect(sums).toEqual([MANY + 1, MANY + 1]);
    expect(inOrder).toBe(true);
  });

  it('a handler that calls back through its own client waits, and both get their answers', () => {
    const inner: unknown[] = [];
    const { client, server } = hostPlain({
      work: ({ n }) => {
        if (n > 0) client.request('work', { n: n - 1 }).subscribe((value) => inner.push(value));
        return n;
      },
    });
    expect(watch(client.request('work', { n: 3 })).values).toEqual([3]);
    expect([...inner].sort()).toEqual([0, 1, 2]);
    expectIdleServer(server);
  });

  it('requests sent from inside a listener do not count as waiting to start', () => {
    const { client, server, connection } = hostPlain({}, { server: { capacity: 1 } });
    const answers: number[] = [];
    client.notifications('done').subscribe(() => {
      for (let n = 0; n < 100; n += 1) client.request('work', { n }).subscribe((value) => answers.push(value));
    });
    connection.notify('done', { n: 0 });
    expect(answers).toEqual(Array.from({ length: 100 }, (_, n) => n));
    expectIdleServer(server);
  });

  it('a request unsubscribed from inside its own answer ends once', () => {
    const { client } = hostPlain();
    let answers = 0;
    const subscription = client.request('echo', 'x').subscribe(() => {
      answers += 1;
      queueMicrotask(() => {
        subscription.unsubscribe();
      });
    });
    expect(answers).toBe(1);
    expectIdleClient(client);
  });

  it('an event listener that asks sees its answer after the event, once', () => {
    const { client, connection } = hostPlain();
    const order: string[] = [];
    client.events$.subscribe((event) => {
      if (isLagged(event) || event.method !== 'done') return;
      order.push('event begins');
      client.request('echo', 'x').subscribe(() => order.push('answer'));
      order.push('event ends');
    });
    client.events$.subscribe(() => order.push('second listener'));
    connection.notify('done', { n: 1 });
    expect(order).toEqual(['event begins', 'event ends', 'second listener', 'answer']);
  });
});

describe('E5 re-entrancy over a wire', () => {
  it('expand over 100,000 requests to a peer that answers at once keeps the stack flat', () => {
    const server = scriptedServer(plain, { work: ({ n }) => n });
    const client = connect(server.wire, plain);
    const chain = client.request('work', { n: 0 }).pipe(
      expand((n) => (n < MANY ? client.request('work', { n: n + 1 }) : EMPTY)),
      last(),
    );
    expect(watch(chain).values).toEqual([MANY]);
    expectIdleClient(client);
  });
});
