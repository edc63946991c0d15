/** The other side of W6: answers each request at once, in the way the contender does. */
import { parentPort, workerData } from 'node:worker_threads';

import { queueScheduler } from 'rxjs';
import { defineContract, request, type } from 'rx-sluice';
import { createServer } from 'rx-sluice/server';
import { messagePortWire } from 'rx-sluice/transports';

import { METHODS, results } from './messages.mjs';

function byHand() {
  const handlers = new Map(Object.entries(results));
  parentPort.on('message', ({ id, method, params }) => {
    const handler = handlers.get(method);
    if (handler === undefined) parentPort.postMessage({ id, error: { code: -32601, message: 'no such method' } });
    else parentPort.postMessage({ id, result: handler(params) });
  });
}

function byHandBatched() {
  const handlers = new Map(Object.entries(results));
  let joined = [];
  const flush = () => {
    const messages = joined;
    joined = [];
    parentPort.postMessage(messages);
  };
  parentPort.on('message', (messages) => {
    for (const { id, method, params } of messages) {
      const handler = handlers.get(method);
      if (joined.length === 0) globalThis.queueMicrotask(flush);
      if (handler === undefined) joined.push({ id, error: { code: -32601, message: 'no such method' } });
      else joined.push({ id, result: handler(params) });
    }
  });
}

function ours(options) {
  const requests = Object.fromEntries(METHODS.map((method) => [method, request({ params: type(), result: type() })]));
  createServer(defineContract({ requests }), results).attach(messagePortWire(parentPort, options));
}

switch (workerData) {
  case 'by hand':
    byHand();
    break;
  case 'by hand, batched':
    byHandBatched();
    break;
  case 'rx-sluice, a post for each':
    ours({ joinOn: queueScheduler });
    break;
  default:
    ours({});
}
