import { lastValueFrom } from 'rxjs';

import { spawnWire } from '../../../../src/node/index.js';
import { conformanceCases } from '../../../../src/testing/index.js';
import { temporaryFolders } from '../../../node/thread-log/temporary-folder.js';
import { newSeed } from './new-seed.js';
import { serverProgram } from './server-program.js';

const newFolder = temporaryFolders();

describe('stdio, the server a program of its own', () => {
  let program: string;
  beforeAll(async () => {
    program = await serverProgram(newFolder(), 'startConformanceServer(stdioWire());');
  }, 60_000);

  const cases = conformanceCases(
    {
      name: 'stdio',
      abilities: ['sink', 'kill'],
      connect: () => {
        const wire = spawnWire({ command: process.execPath, args: [program] });
        return {
          wire,
          kill: () => process.kill(wire.pid!, 'SIGKILL'),
          dispose: () => lastValueFrom(wire.exited$),
        };
      },
    },
    { seeds: [1, 2, 3, newSeed()] },
  );
  it.each(cases)('$name', ({ run }) => run(), 90_000);
});
