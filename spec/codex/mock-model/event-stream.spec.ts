import { once } from 'node:events';
import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

import { EventStream } from '../../../src/codex/mock-model/event-stream.js';

/** Lets a function write an answer, and one read it. */
async function serve<T>(
  write: (stream: EventStream, response: ServerResponse) => Promise<void>,
  read: (answer: Response) => Promise<T>,
): Promise<T> {
  let written: Promise<void> = Promise.resolve();
  const server = createServer((_request, response) => {
    written = write(new EventStream(response), response);
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  try {
    return await read(await fetch(`http://127.0.0.1:${(server.address() as AddressInfo).port}`));
  } finally {
    server.closeAllConnections();
    await written;
    server.close();
  }
}

describe('EventStream', () => {
  it('numbers its events and ends in order', async () => {
    const text = await serve(
      async (stream) => {
        await stream.send('a', { x: 1 });
        await stream.send('b', {});
        await stream.end();
      },
      (answer) => answer.text(),
    );
    expect(text).toBe(
      'event: a\ndata: {"type":"a","sequence_number":0,"x":1}\n\nevent: b\ndata: {"type":"b","sequence_number":1}\n\n',
    );
  });

  it('waits for a reader that is slow, and loses nothing', async () => {
    const text = await serve(
      async (stream) => {
        for (let n = 0; n < 5_000; n += 1) await stream.send('piece', { text: 'x'.repeat(1_000) });
        await stream.end();
      },
      async (answer) => {
        await new Promise((resolve) => setImmediate(resolve));
        return answer.text();
      },
    );
    expect(text.split('\n\n')).toHaveLength(5_001);
  });

  it('waits no longer for a reader that has left', async () => {
    await serve(
      async (stream, response) => {
        await stream.send('a', {});
        await stream.pause(0);
        await stream.untilClosed();
        expect([stream.isClosed, response.destroyed]).toEqual([true, true]);
        await stream.send('b', { text: 'x'.repeat(20_000) });
        await stream.pause(1_000_000);
      },
      async (answer) => {
        await answer.body?.cancel();
      },
    );
  });
});
