// A page that reaches a server through `rx-sluice bridge`, as it would reach codex: it starts a thread, has a command run
// that floods, is asked for it and agrees. What was seen is left in `globalThis.seen` when the turn is over.
import { connect, deliveryOf, isLagged, paceOn } from 'rx-sluice';
import { bearerProtocols, webSocketWire } from 'rx-sluice/transports';
import { animationFrameScheduler, lastValueFrom, share, tap } from 'rxjs';
import { config } from 'zod';

import { show, showEvent } from './show.js';

// Before the first schema is made: a strict policy reports the `new Function` that zod would try.
config({ jitless: true });
const { approvals, codexContract, turn } = await import('rx-sluice/codex');

const LINES = 20_000;

const { url, token } = globalThis.given;
const wire = webSocketWire(new WebSocket(url, [...bearerProtocols(token)]));
const client = connect(wire, codexContract, {
  handshake: { clientInfo: { name: 'page', version: '1' }, capabilities: { lag: true } },
});
const seen = {
  emitted: 0,
  shown: 0,
  skipped: 0,
  gaps: 0,
  approvals: 0,
  completed: 0,
  lost: 0,
  text: '',
  whole: '',
  diagnostics: [],
};
client.diagnostics$.subscribe(({ type }) => seen.diagnostics.push(type));

const asked = new Set();
approvals(client).subscribe((open) => {
  for (const approval of open.filter(({ id }) => !asked.has(id))) {
    asked.add(approval.id);
    seen.approvals += 1;
    show('state', `may "${approval.params.command}" run? ${approval.accept()}: yes`);
  }
});

const { thread } = await client.call('thread/start', { approvalPolicy: 'untrusted' });
const { lossless } = deliveryOf(client.contract);

/** What the page gets, and what of it was given up on the way here. */
const events$ = turn(client, thread.id, `seq 1 ${LINES}`).pipe(
  tap((event) => {
    seen.emitted += isLagged(event) ? event.skipped : 1;
    if (isLagged(event)) seen.lost += event.skipped;
    else if (event.method === 'item/commandExecution/outputDelta') seen.text += event.params.delta;
    else if (event.method === 'item/completed') seen.whole = event.params.item.aggregatedOutput ?? seen.whole;
    else if (event.method === 'turn/completed') seen.completed += 1;
  }),
  share(),
);
/** What a reader sees who takes sixteen events a frame. */
const drawn$ = events$.pipe(
  paceOn(animationFrameScheduler, { capacity: 16, lossless }),
  tap((event) => showEvent(event, seen)),
);
await lastValueFrom(drawn$);

const expected = Array.from({ length: LINES }, (_, n) => `${n + 1}\n`).join('');
const { text, whole, ...counts } = seen;
const { events } = client.stats();
show('state', `the item has ${whole.length} characters, ends with ${whole.trimEnd().slice(-17)}`);
show(
  'state',
  `emitted ${events.emitted} = delivered ${events.delivered} + skipped ${events.skipped} + conflated ${events.conflated}`,
);
const { graceful } = await lastValueFrom(client.shutdown());
show('state', `shut down in order: ${graceful}`);
const closed = await lastValueFrom(client.closed$);
globalThis.seen = {
  ...counts,
  events,
  graceful,
  closed: closed.reason,
  isWhole: whole === expected,
  // The pieces are the text too, folded or not, unless some were given up.
  hasPieces: text === expected || (seen.lost > 0 && text.length < expected.length),
};
