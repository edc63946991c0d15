import type { ServerResponse } from 'node:http';

/** Bytes of events that are put together in one write. */
const BATCH = 16_384;

/** Server-sent events, numbered, written as fast as the reader takes them. */
export class EventStream {
  private waiting = '';
  private next = 0;
  private readonly gone: Promise<unknown>;

  constructor(private readonly response: ServerResponse) {
    this.gone = new Promise((resolve) => response.once('close', resolve));
    response.writeHead(200, { 'content-type': 'text/event-stream', 'cache-control': 'no-cache' });
  }

  /** Whether the reader has hung up. */
  get isClosed(): boolean {
    return this.response.destroyed || this.response.writableEnded;
  }

  /** Adds an event. It goes out with the next ones, at the latest at the next {@link flush}. */
  async send(type: string, members: object): Promise<void> {
    this.waiting += `event: ${type}\ndata: ${JSON.stringify({ type, sequence_number: this.next, ...members })}\n\n`;
    this.next += 1;
    if (this.waiting.length >= BATCH) await this.flush();
  }

  /** Writes what waits, and waits until there is room for more. */
  async flush(): Promise<void> {
    const text = this.waiting;
    this.waiting = '';
    if (text === '' || this.isClosed || this.response.write(text)) return;
    await Promise.race([new Promise((resolve) => this.response.once('drain', resolve)), this.gone]);
  }

  /** Waits for so long, or until the reader hangs up. */
  async pause(milliseconds: number): Promise<void> {
    await this.flush();
    let timer: NodeJS.Timeout | undefined;
    await Promise.race([new Promise((resolve) => (timer = setTimeout(resolve, milliseconds))), this.gone]);
    clearTimeout(timer);
  }

  /** Waits until the reader hangs up. */
  async untilClosed(): Promise<void> {
    await this.flush();
    await this.gone;
  }

  /** Breaks the connection, after what was sent. */
  async cut(): Promise<void> {
    await this.flush();
    this.response.socket?.destroySoon();
    await this.gone;
  }

  /** Ends the stream in order. */
  async end(): Promise<void> {
    await this.flush();
    this.response.end();
  }
}
