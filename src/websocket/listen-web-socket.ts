import { createServer, type IncomingMessage, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Duplex } from 'node:stream';

import { type Observable, ReplaySubject, Subject } from 'rxjs';
import { type WebSocket, WebSocketServer } from 'ws';

import { atLeastOne, type CloseInfo, messageOf, type Wire } from '../protocol/index.js';
import { SUBPROTOCOL } from '../transports/index.js';
import { type AdmissionRules, type Refusal, refusalOf } from './admission.js';
import { isLoopback } from './is-loopback.js';
import { liveWire } from './live-wire.js';
import type { LiveWireOptions } from './live-wire-options.js';
import { freeUnixSocket } from './free-unix-socket.js';
import { withUmask } from './with-umask.js';

/** Where {@link listenWebSocket} listens, and whom it lets in. */
export interface ListenWebSocketOptions extends AdmissionRules, LiveWireOptions {
  /** A name or address of this machine. Any other than loopback wants a `token`. Default `127.0.0.1`. */
  readonly host?: string;
  /** 0: any that is free; `listening$` tells which. Default 0. */
  readonly port?: number;
  /** The path of a unix socket to listen on instead. Only this user may connect to it. */
  readonly unix?: string;
  /** Clients that may be connected at a time; one more is refused with 503. From 1; default 1,024. */
  readonly maxConnections?: number;
}

/** A WebSocket server whose clients are wires. */
export interface WebSocketListener {
  /** Emits where it listens, once it does, also to late subscribers. Completes without a value if it cannot. */
  readonly listening$: Observable<{ readonly url: string }>;
  /**
   * Each client that was let in. Hot: subscribe when you have made it; while nobody does, clients are refused with 503.
   * Completes when it listens no more.
   */
  readonly wires$: Observable<Wire>;
  /** Emits how it ended, also to late subscribers, and completes. */
  readonly closed$: Observable<CloseInfo>;
  /** Ends it and all its wires; clients read the reason. Default `server closed`. */
  close(reason?: string): void;
}

/**
 * Listens for WebSockets, and makes a wire of each client it lets in.
 *
 * Nobody but programs of this machine can connect unless you say so: it listens on loopback, a page is refused unless its
 * origin is allowed, and any other host wants a token.
 *
 * ```
 *  client ── upgrade ──▶ origin? ──▶ token? ──▶ wires$
 *                           └── 403     └── 401
 * ```
 *
 * **Use it when** clients are other processes or pages. **Rather use** `stdioWire` when a client starts the server.
 *
 * - Loses: nothing. - Backs up: see `webSocketWire`.
 * - On close: each client is told the reason in its close frame.
 *
 * @example
 * ```ts
 * const listener = listenWebSocket({ port: 4500, allowedOrigins: ['https://app.example'], token: 'secret' });
 * listener.wires$.subscribe((wire) => server.attach(wire));
 * listener.listening$.subscribe(({ url }) => console.log(url));
 * ```
 * @throws TypeError if it would listen to other machines without a token, or the token has spaces or is empty.
 */
export function listenWebSocket(options: ListenWebSocketOptions = {}): WebSocketListener {
  const { host = '127.0.0.1', unix, token } = options;
  if (token !== undefined && !/^[!-~]+$/.test(token)) throw new TypeError('a token is made of visible characters');
  if (unix === undefined && token === undefined && !isLoopback(host)) {
    throw new TypeError(`listening on ${host} lets other machines in: give a token`);
  }
  return new Listener(options, host);
}

class Listener implements WebSocketListener {
  readonly listening$: WebSocketListener['listening$'];
  readonly wires$: Observable<Wire>;
  readonly closed$: Observable<CloseInfo>;

  private readonly listening = new ReplaySubject<{ readonly url: string }>(1);
  private readonly accepted = new Subject<Wire>();
  private readonly closed = new ReplaySubject<CloseInfo>(1);
  private readonly open = new Set<Wire>();
  private readonly http: Server;
  private readonly sockets: WebSocketServer;
  private readonly maxConnections: number;
  private isClosed = false;

  constructor(
    private readonly options: ListenWebSocketOptions,
    private readonly host: string,
  ) {
    this.listening$ = this.listening.asObservable();
    this.wires$ = this.accepted.asObservable();
    this.closed$ = this.closed.asObservable();
    this.maxConnections = atLeastOne(options.maxConnections ?? 1_024);
    this.sockets = new WebSocketServer({
      noServer: true,
      clientTracking: false,
      perMessageDeflate: false,
      maxPayload: options.maxMessageBytes ?? 16 * 1_048_576,
      handleProtocols: (offered) => (offered.has(SUBPROTOCOL) ? SUBPROTOCOL : false),
    });
    this.http = createServer((_request, response) => {
      response
        .writeHead(426, { 'content-type': 'text/plain', connection: 'close' })
        .end('this is a WebSocket server\n');
    });
    this.http.on('upgrade', (request, socket, head) => this.upgrade(request, socket, head));
    this.http.on('error', (error) => {
      this.finish({ reason: `could not listen: ${messageOf(error)}`, orderly: false, error });
    });
    this.http.on('listening', () => this.isListening());
    this.listen();
  }

  close(reason = 'server closed'): void {
    this.finish({ reason, orderly: true });
  }

  private listen(): void {
    const { unix, port = 0 } = this.options;
    if (unix === undefined) this.http.listen(port, this.host);
    else
      freeUnixSocket(unix, () => {
        // Made by this very call, so nobody else can connect in between.
        if (!this.isClosed) withUmask(0o177, () => this.http.listen(unix));
      });
  }

  private isListening(): void {
    const { unix } = this.options;
    const { port } = this.http.address() as AddressInfo;
    const host = this.host.includes(':') ? `[${this.host}]` : this.host;
    this.listening.next({ url: unix === undefined ? `ws://${host}:${port}` : `ws+unix:${unix}` });
  }

  private upgrade(request: IncomingMessage, socket: Duplex, head: Buffer): void {
    const refusal = refusalOf(request.headers, this.options) ?? this.noRoom();
    if (refusal === undefined) this.sockets.handleUpgrade(request, socket, head, (client) => this.accept(client));
    else refuse(socket, refusal);
  }

  private noRoom(): Refusal | undefined {
    const isFree = this.open.size < this.maxConnections && this.accepted.observed;
    return isFree ? undefined : { status: 503, text: 'Service Unavailable' };
  }

  private accept(client: WebSocket): void {
    const wire = liveWire(client, this.options);
    this.open.add(wire);
    wire.closed$.subscribe({ complete: () => this.open.delete(wire) });
    this.accepted.next(wire);
  }

  private finish(info: CloseInfo): void {
    if (this.isClosed) return;
    this.isClosed = true;
    this.http.close();
    // Who has not finished asking is no wire yet, and would keep this process alive.
    this.http.closeAllConnections();
    for (const wire of [...this.open]) wire.close(info);
    this.listening.complete();
    this.accepted.complete();
    this.closed.next(info);
    this.closed.complete();
  }
}

function refuse(socket: Duplex, { status, text }: Refusal): void {
  socket.on('error', () => {});
  // A client that never hangs up must not keep the connection.
  socket.once('finish', () => socket.destroy());
  socket.end(`HTTP/1.1 ${status} ${text}\r\nConnection: close\r\nContent-Length: 0\r\n\r\n`);
}
