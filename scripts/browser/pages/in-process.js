// An application as a page has it: an app server with its agent, a client and a view, all in the page itself. The agent
// talks faster than the page draws. What was seen is left in `globalThis.seen` when the turn is over.
import { deliveryOf, isLagged, paceOn, startInProcess } from 'rx-sluice';
import { scanThread } from 'rx-sluice/thread-state';
import { animationFrameScheduler, concat, map, of, range, share, takeWhile, tap } from 'rxjs';
import { config } from 'zod';

import { show, showEvent } from './show.js';

// zod looks whether it may compile its schemas by `new Function`, which a strict policy reports although zod then does
// without. It has to be told before the first schema is made, so what makes schemas is loaded after that.
config({ jitless: true });
const { createAppServer } = await import('rx-sluice/app-server');

const DELTAS = 10_000;

/** Counts to 10,000 without a pause. */
const agent = ({ newItemId }) => {
  const itemId = newItemId();
  return concat(
    of({ type: 'itemStarted', item: { type: 'agentMessage', id: itemId } }),
    range(1, DELTAS).pipe(map((n) => ({ type: 'delta', itemId, delta: `${n} ` }))),
    of({ type: 'itemCompleted', itemId }),
  );
};

const server = createAppServer({ agent });
const client = startInProcess(server, { handshake: { clientInfo: { name: 'page', version: '1' } } });
const seen = { emitted: 0, shown: 0, skipped: 0, gaps: 0 };

const { thread } = await client.call('thread/start', {});
const events$ = client.scoped(thread.id).pipe(
  tap(() => (seen.emitted += 1)),
  share(),
);
const { lossless } = deliveryOf(client.contract);

/** What a reader sees who takes sixteen events a frame; the end of the turn is never among what is given up. */
events$
  .pipe(
    paceOn(animationFrameScheduler, { capacity: 16, lossless }),
    tap((event) => showEvent(event, seen)),
    takeWhile((event) => isLagged(event) || event.method !== 'turn/completed'),
  )
  .subscribe({ complete: () => void finish() });

/** The same events as a state: nothing is missing there, however slow the reader is. */
let state;
events$.pipe(scanThread(thread.id)).subscribe((next) => (state = next));

await client.call('turn/start', { threadId: thread.id, input: [{ type: 'text', text: 'count' }] });

async function finish() {
  const { items, status, partial } = state;
  const text = items.map(({ item }) => item.text ?? '').join('');
  show('state', `${status.type}, partial: ${partial}, ${items.length} items, ends with ${text.slice(-25)}`);
  const report = await new Promise((resolve) => client.shutdown().subscribe(resolve));
  show('state', `shut down in order: ${report.graceful}`);
  globalThis.seen = { ...seen, words: text.trim().split(' ').length, partial, graceful: report.graceful };
}
