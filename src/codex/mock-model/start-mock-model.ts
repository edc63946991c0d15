import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { json } from 'node:stream/consumers';

import type { CodexConfig } from '../config/config-arguments.js';
import { EventStream } from './event-stream.js';
import { mockModelConfig } from './mock-model-config.js';
import { type ModelRequest, type ModelScript, type ModelStep, politeModel } from './model-script.js';
import { playSteps } from './play-steps.js';
import { readModelRequest } from './read-model-request.js';

/** How a mock model answers. */
export interface MockModelOptions {
  /** Default {@link politeModel}. */
  readonly script?: ModelScript;
  /** Default: one that is free. */
  readonly port?: number;
}

/** A mock model that listens on this machine. */
export interface MockModel {
  /** Where codex finds it. */
  readonly url: string;
  /** Settings that send codex here: `connectCodex({ config: model.config })`. */
  readonly config: CodexConfig;
  /** What it was asked, in order. */
  readonly requests: readonly ModelRequest[];
  /** Hangs up on everybody and stops to listen. */
  close(): Promise<void>;
}

/**
 * Starts a stand-in for a model behind OpenAI's Responses API, on loopback, so that a turn needs no network, no account
 * and no luck.
 *
 * @example A model that says one word
 * ```ts
 * const model = await startMockModel({ script: () => [{ type: 'say', pieces: ['Hello.'] }] });
 * const codex = connectCodex({ config: model.config });
 * ```
 * @returns When it listens.
 */
export async function startMockModel({ script = politeModel, port = 0 }: MockModelOptions = {}): Promise<MockModel> {
  const requests: ModelRequest[] = [];
  const server = createServer((message, response) => {
    void answer(message, response).catch((error: unknown) => refuse(response, error));
  });

  async function answer(message: IncomingMessage, response: ServerResponse): Promise<void> {
    if (message.method !== 'POST' || message.url?.endsWith('/responses') !== true) {
      send(response, message.url?.endsWith('/models') === true ? 200 : 404, { object: 'list', data: [], models: [] });
      return;
    }
    const request = readModelRequest(await json(message), requests.length);
    requests.push(request);
    const steps = [...script(request)];
    const [first] = steps as readonly (ModelStep | undefined)[];
    if (first?.type === 'fail') send(response, first.status, { error: { message: 'the script fails', code: 'mock' } });
    else await playSteps(steps, request, new EventStream(response));
  }

  server.listen(port, '127.0.0.1');
  await once(server, 'listening');
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/v1`;
  return {
    url,
    config: mockModelConfig(url),
    requests,
    close: async () => {
      const closed = once(server, 'close');
      server.close();
      server.closeAllConnections();
      await closed;
    },
  };
}

function send(response: ServerResponse, status: number, body: object): void {
  response.writeHead(status, { 'content-type': 'application/json' });
  response.end(JSON.stringify(body));
}

/** A script that throws is a model that fails: codex tells it as such. */
function refuse(response: ServerResponse, error: unknown): void {
  if (response.headersSent) response.destroy();
  else send(response, 500, { error: { message: String(error), code: 'mock' } });
}
