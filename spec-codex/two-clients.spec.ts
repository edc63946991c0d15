import { spawn } from 'node:child_process';
import { once } from 'node:events';

import { filter, firstValueFrom, fromEvent, lastValueFrom, map, scan, take, toArray } from 'rxjs';

import { type CodexContract, type ModelScript, turn } from '../src/codex/index.js';
import { configArguments } from '../src/codex/config/config-arguments.js';
import { type Client, isLagged } from '../src/index.js';
import { codexBench, commandQuestions } from './codex-bench.js';

const bench = codexBench();

const script: ModelScript = ({ text, toolOutputs }) => {
  if (toolOutputs.length > 0) return [{ type: 'say', pieces: ['It is over.'] }];
  if (text === 'run') return [{ type: 'run', command: 'echo one > made' }];
  return [{ type: 'say', pieces: ['Hello.'] }];
};

/** Starts codex behind a WebSocket; the address is what it says on stderr. */
async function listening(): Promise<{ url: string; kill: () => void }> {
  const { binary, config, env, cwd } = bench.program(await bench.startModel(script));
  const args = ['app-server', ...configArguments(config), '--listen', 'ws://127.0.0.1:0'];
  const child = spawn(binary, args, { env: { ...env }, cwd, stdio: ['ignore', 'ignore', 'pipe'] });
  const ended = once(child, 'exit');
  bench.afterwards(async () => {
    child.kill('SIGKILL');
    await ended;
  });
  // It flows on afterwards: codex does not survive that nobody takes what it has to say.
  const url = await firstValueFrom(
    fromEvent(child.stderr, 'data').pipe(
      scan((text, chunk) => text + String(chunk), ''),
      map((text) => /ws:\/\/127\.0\.0\.1:[1-9]\d*(?=\s)/.exec(text)?.[0]),
      filter((found) => found !== undefined),
    ),
  );
  return { url, kill: () => child.kill('SIGKILL') };
}

const ended = (client: Client<CodexContract>): Promise<string> =>
  firstValueFrom(client.notifications('turn/completed').pipe(map(({ turn: { status } }) => status)));

interface Together {
  readonly a: Client<CodexContract>;
  readonly b: Client<CodexContract>;
  readonly threadId: string;
  readonly kill: () => void;
}

/** Two clients of one thread that has had a turn. */
async function together(): Promise<Together> {
  const { url, kill } = await listening();
  const [a, b] = [bench.connect(url), bench.connect(url)];
  const { thread } = await a.call('thread/start', { approvalPolicy: 'untrusted', sandbox: 'danger-full-access' });
  // Before its first turn there is nothing to join.
  await lastValueFrom(turn(a, thread.id, 'hello'));
  await b.call('thread/resume', { threadId: thread.id });
  return { a, b, threadId: thread.id, kill };
}

describe('two clients of one codex', () => {
  it('see the same turn, whoever starts it', async () => {
    const { a, b, threadId } = await together();
    const seen = lastValueFrom(
      b.scoped(threadId).pipe(
        filter((event) => !isLagged(event)),
        map(({ method }) => method),
        filter((method) => /^(turn|item)\//.test(method)),
        take(7),
        toArray(),
      ),
    );
    const events = await lastValueFrom(turn(a, threadId, 'hello').pipe(toArray()));
    const methods = events.map((event) => (isLagged(event) ? event.type : event.method));
    expect(await seen).toEqual(methods.filter((method) => /^(turn|item)\//.test(method)));
  });

  it.each([0, 1] as const)('S3: are asked both, and the first answer counts: that of client %i', async (first) => {
    const { a, b, threadId } = await together();
    const clients = [a, b] as const;
    const turned = Promise.all(clients.map((client) => ended(client)));
    await a.call('turn/start', { threadId, input: [{ type: 'text', text: 'run' }] });
    const questions = await Promise.all(clients.map((client) => firstValueFrom(commandQuestions(client))));
    expect(questions[0]!.id).toBe(questions[1]!.id);
    const other = questions[1 - first]!;
    const settled = firstValueFrom(other.settled$);
    expect(questions[first]!.respond({ decision: 'decline' })).toBe('sent');
    await settled;
    expect(other.respond({ decision: 'accept' })).toBe('alreadySettled');
    expect(await turned).toEqual(['completed', 'completed']);
    expect(clients.map((client) => client.openRequests())).toEqual([[], []]);
  });

  it('D3: one goes on when the other is gone, and the turn with it', async () => {
    const { a, b, threadId } = await together();
    const turned = ended(b);
    await a.call('turn/start', { threadId, input: [{ type: 'text', text: 'run' }] });
    const question = await firstValueFrom(commandQuestions(b));
    await lastValueFrom(a.shutdown());
    expect(question.respond({ decision: 'accept' })).toBe('sent');
    expect(await turned).toBe('completed');
  });

  it('D3: both are told when codex is killed', async () => {
    const { a, b, threadId, kill } = await together();
    const turned = lastValueFrom(turn(a, threadId, 'run')).catch((error: unknown) => error);
    const question = await firstValueFrom(commandQuestions(b));
    const settled = firstValueFrom(question.settled$);
    kill();
    await settled;
    expect(await turned).toMatchObject({ name: 'TransportError', reason: 'closed' });
    for (const client of [a, b]) {
      expect(await firstValueFrom(client.closed$)).toEqual({ reason: 'connection lost', orderly: false });
    }
  });
});
