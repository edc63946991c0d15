import { firstValueFrom, lastValueFrom } from 'rxjs';

import { nodeWires, withoutSockets } from '../../src/cli/node-wires.js';

describe('the wires of this machine', () => {
  it('lead to programs', async () => {
    const wire = nodeWires.spawn({
      command: process.execPath,
      args: ['-e', 'console.error(process.argv[1])', 'hello'],
    });
    expect(await lastValueFrom(wire.stderr$)).toBe('hello\n');
    expect(await lastValueFrom(wire.exited$)).toEqual({ code: 0, signal: null });
  });

  it('lead to sockets, once those are loaded', async () => {
    const { listen, connect } = await lastValueFrom(nodeWires.sockets$);
    const listener = listen({ allowedOrigins: [] });
    const { url } = await firstValueFrom(listener.listening$);
    expect(url).toMatch(/^ws:\/\/127\.0\.0\.1:\d+$/);
    connect(url, {}).close();
    listener.close();
  });

  it('lead to the codex that is named, with what is added to the environment', async () => {
    const wire = nodeWires.codex({ binary: process.execPath, env: { NODE_OPTIONS: '--version' } });
    expect(await lastValueFrom(wire.exited$)).toMatchObject({ signal: null });
    expect(() => nodeWires.codex({ binary: '/nowhere/codex' })).toThrow('no codex program was found');
  });

  it('lead to a mock model', async () => {
    const model = await lastValueFrom(nodeWires.mockModel(() => [{ type: 'fail', status: 418 }]));
    expect(model.config['model_provider']).toBe('mock');
    expect((await fetch(`${model.url}/responses`, { method: 'POST', body: '{}' })).status).toBe(418);
    await model.close();
  });

  it.each(['ERR_MODULE_NOT_FOUND', 'MODULE_NOT_FOUND'])('say what to install for sockets: %s', (code) => {
    expect(withoutSockets({ code })).toMatchObject({
      exitCode: 6,
      message: 'sockets need the package ws: npm install ws',
    });
  });

  it('pass on whatever else keeps sockets from being loaded', () => {
    const cause = new SyntaxError('half a file');
    expect(withoutSockets(cause)).toBe(cause);
  });
});
