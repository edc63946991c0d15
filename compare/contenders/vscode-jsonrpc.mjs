import { Buffer } from 'node:buffer';
import { createRequire } from 'node:module';
import { PassThrough } from 'node:stream';
import { setTimeout } from 'node:timers';

// It is CommonJS: `import` would see one export, not its names.
const require = createRequire(import.meta.url);
const rpc = require('vscode-jsonrpc/node');

export const name = 'vscode-jsonrpc';

export async function open({ requests = {}, paced = false, bare = false } = {}) {
  const [up, down] = [new PassThrough(), new PassThrough()];
  // `maxParallelism: 1` is its way to take one message at a time.
  const options = paced ? { maxParallelism: 1 } : undefined;
  const client = connection(down, up, options);
  const server = connection(up, down);
  serve(server, requests);
  // Nothing ends what is pending but `dispose`, so that is what its users call when the pipe closes.
  if (!bare) client.onClose(() => client.dispose());
  client.listen();
  server.listen();
  return {
    request(method, params, { timeout, signal } = {}) {
      const source = new rpc.CancellationTokenSource();
      // It has no timeout of its own; a token that is cancelled later is the nearest thing.
      if (timeout !== undefined) setTimeout(() => source.cancel(), timeout);
      signal?.addEventListener('abort', () => source.cancel());
      return client.sendRequest(method, params, source.token);
    },
    notify: (method, params) => client.sendNotification(method, params),
    on: (method, listener) => client.onNotification(method, listener),
    onServer: (method, listener) => server.onNotification(method, listener),
    consume: (method, take) => client.onNotification(method, take),
    handle: (method, handler) => client.onRequest(method, handler),
    ask: (method, params) => server.sendRequest(method, params),
    emit: (method, params) => server.sendNotification(method, params),
    async shutdown() {
      server.end();
      server.dispose();
    },
    hangUp() {
      up.destroy();
      down.destroy();
    },
    recover: { label: 'dispose() in onClose', run: () => client.dispose() },
  };
}

export async function serveBare(requests, { reading = true } = {}) {
  const [up, down] = [new PassThrough(), new PassThrough()];
  const server = connection(up, down);
  serve(server, requests);
  server.onError(() => undefined);
  server.listen();
  const received = [];
  const read = () => new rpc.StreamMessageReader(down).listen((message) => received.push(message));
  if (reading) read();
  const frame = (text) => `Content-Length: ${Buffer.byteLength(text)}\r\n\r\n${text}`;
  return {
    received,
    read,
    emit: (method, params) => server.sendNotification(method, params),
    send: (...messages) =>
      up.write(messages.map((message) => frame(JSON.stringify({ jsonrpc: '2.0', ...message }))).join('')),
    sendText: (text) => up.write(frame(text)),
    sendLine: (text) => up.write(`${text}\n`),
  };
}

function connection(input, output, options) {
  return rpc.createMessageConnection(
    new rpc.StreamMessageReader(input),
    new rpc.StreamMessageWriter(output),
    undefined,
    options,
  );
}

function serve(server, requests) {
  const notify = (method, params) => server.sendNotification(method, params);
  for (const [method, handler] of Object.entries(requests)) {
    server.onRequest(method, async (params, token) => {
      const controller = new globalThis.AbortController();
      token.onCancellationRequested(() => controller.abort());
      try {
        return await handler(params, { notify, signal: controller.signal });
      } catch (error) {
        // Its documented way to answer with a code and data.
        if (error.code === undefined) throw error;
        throw new rpc.ResponseError(error.code, error.message, error.data);
      }
    });
  }
}

export async function wires() {
  const node = ['StreamMessageReader', 'SocketMessageReader', 'IPCMessageReader', 'PortMessageReader'];
  return node.filter((reader) => rpc[reader] !== undefined).map((reader) => reader.replace('MessageReader', ''));
}
