import type { WebSocketLike } from '../../src/transports/index.js';

/** A socket whose other end is the spec. */
export class FakeSocket implements WebSocketLike {
  readyState = 1;
  bufferedAmount = 0;
  readonly sent: string[] = [];
  readonly done: string[] = [];
  private readonly listeners: [string, (event: object) => void][] = [];

  send(data: string): void {
    this.sent.push(data);
  }

  close(code?: number, reason?: string): void {
    this.done.push(`close ${code} ${reason}`);
  }

  addEventListener(type: string, listener: (event: object) => void): void {
    this.listeners.push([type, listener]);
  }

  emit(type: string, event: object = {}): void {
    for (const [of, listener] of this.listeners) if (of === type) listener(event);
  }

  text(value: unknown): void {
    this.emit('message', { data: typeof value === 'string' ? value : JSON.stringify(value) });
  }
}

/** One that can do what those of Node can. */
export class FakeNodeSocket extends FakeSocket {
  pause(): void {
    this.done.push('pause');
  }

  resume(): void {
    this.done.push('resume');
  }

  terminate(): void {
    this.done.push('terminate');
  }
}
