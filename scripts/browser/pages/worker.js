// A server in a worker of a page. It ticks faster than the page reads.
import { createServer } from 'rx-sluice/server';
import { messagePortWire } from 'rx-sluice/transports';
import { interval, NEVER, reduce, take } from 'rxjs';

import { contract } from './worker-contract.js';

/** Ticks in one turn of the worker's event loop. Between two turns it hears what the page has taken. */
const AT_ONCE = 100;

const server = createServer(contract, {
  hello: () => ({}),
  flood: ({ ticks }, context) =>
    interval(0).pipe(
      take(ticks / AT_ONCE),
      reduce(
        (became, turn) => {
          for (let n = 1; n <= AT_ONCE; n += 1) became[context.notify('tick', { n: turn * AT_ONCE + n })] += 1;
          return became;
        },
        { sent: 0, queued: 0, dropped: 0, closed: 0 },
      ),
    ),
  wait: () => NEVER,
});
server.attach(messagePortWire(self));
