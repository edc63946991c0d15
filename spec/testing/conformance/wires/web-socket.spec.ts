import { spawn } from 'node:child_process';
import { once } from 'node:events';

import { firstValueFrom } from 'rxjs';

import { conformanceCases, startConformanceServer } from '../../../../src/testing/index.js';
import { connectWebSocket, listenWebSocket, type WebSocketListener } from '../../../../src/websocket/index.js';
import { temporaryFolders } from '../../../node/thread-log/temporary-folder.js';
import { newSeed } from './new-seed.js';
import { serverProgram } from './server-program.js';

const newFolder = temporaryFolders();

describe('WebSocket', () => {
  let listener: WebSocketListener;
  let url: string;

  beforeAll(async () => {
    listener = listenWebSocket();
    listener.wires$.subscribe((wire) => startConformanceServer(wire));
    ({ url } = await firstValueFrom(listener.listening$));
  });
  afterAll(async () => {
    listener.close();
    await firstValueFrom(listener.closed$);
  });

  const cases = conformanceCases(
    { name: 'WebSocket', abilities: ['sink', 'reason'], connect: () => ({ wire: connectWebSocket(url) }) },
    { seeds: [1, 2, 3, newSeed()] },
  );
  it.each(cases)('$name', ({ run }) => run(), 90_000);
});

describe('WebSocket, the server a program of its own', () => {
  let program: string;
  beforeAll(async () => {
    program = await serverProgram(
      newFolder(),
      `
        const listener = listenWebSocket();
        listener.wires$.subscribe((wire) => startConformanceServer(wire));
        listener.listening$.subscribe(({ url }) => console.log(url));
        process.stdin.on('close', () => process.exit()).resume();
      `,
    );
  }, 60_000);

  const cases = conformanceCases({
    name: 'WebSocket',
    abilities: ['sink', 'reason', 'kill'],
    connect: async () => {
      const child = spawn(process.execPath, [program], { stdio: ['pipe', 'pipe', 'inherit'] });
      const exited = once(child, 'exit');
      const [url] = (await once(child.stdout, 'data')) as [Buffer];
      return {
        wire: connectWebSocket(url.toString().trim()),
        kill: () => child.kill('SIGKILL'),
        dispose: () => {
          child.stdin.end();
          return exited;
        },
      };
    },
  }).filter(({ name }) => /vanishes|stall|budget|holes/.test(name));

  it('has the cases in which it is killed', () => {
    expect(cases.filter(({ rule }) => rule === 'D3')).toHaveLength(2);
  });
  it.each(cases)('$name', ({ run }) => run(), 90_000);
});
