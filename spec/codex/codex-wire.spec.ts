import { firstValueFrom, lastValueFrom } from 'rxjs';

import { codexWire } from '../../src/codex/index.js';
import { fakeCodex } from './fake-codex.js';

describe('codexWire', () => {
  it('is a wire to the program', async () => {
    const wire = codexWire({ ...fakeCodex(), config: { model: 'm' }, maxMessageBytes: 1_000 });
    const answer = firstValueFrom(wire.inbound$);
    wire.send({ id: 1, method: 'config/read', params: {} });
    expect(await answer).toMatchObject({ id: 1, result: { config: { args: ['-c', 'model="m"'] } } });
    expect(await firstValueFrom(wire.stderr$)).toBe(`hello from ${String(wire.pid)}\n`);
    wire.close();
    expect(await lastValueFrom(wire.exited$)).toEqual({ code: 0, signal: null });
  });
});
