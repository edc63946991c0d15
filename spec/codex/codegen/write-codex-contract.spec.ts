import { existsSync, readdirSync, writeFileSync } from 'node:fs';
import { delimiter, join } from 'node:path';

import { lastValueFrom } from 'rxjs';

import { writeCodexContract } from '../../../src/codex/codegen/write-codex-contract.js';
import { bundle, fakeCodex, GOOD, temporaryFolder } from './fixture.js';

describe('writeCodexContract', () => {
  const cwd = temporaryFolder();
  fakeCodex(cwd, 'codex', GOOD);

  it('writes the contract of the codex that is named, and says what it wrote', async () => {
    const written = await lastValueFrom(writeCodexContract({ binary: './codex', out: 'gen', cwd }));
    expect(written).toEqual({
      version: '0.169.0',
      paths: ['contract.ts', 'schemas.ts', 'types.ts'].map((name) => join(cwd, 'gen', name)),
      methods: 20,
      rawResults: [],
    });
    expect(readdirSync(join(cwd, 'gen'))).toEqual(['contract.ts', 'schemas.ts', 'types.ts']);
  });

  it('names the requests whose result nothing is known of', async () => {
    const odd = join(cwd, 'odd.json');
    writeFileSync(odd, bundle.replace('"account/logout"', '"account/forget"'));
    const binary = fakeCodex(cwd, 'odd', GOOD.replace(/copyFileSync\("[^"]*"/, `copyFileSync(${JSON.stringify(odd)}`));
    const { rawResults } = await lastValueFrom(writeCodexContract({ binary, out: 'odd-gen', cwd }));
    expect(rawResults).toEqual(['account/forget']);
  });

  it('writes nothing when codex fails', async () => {
    const binary = fakeCodex(cwd, 'failing', 'process.exit(1)');
    await expect(lastValueFrom(writeCodexContract({ binary, out: 'none', cwd }))).rejects.toThrow(/it ended with 1$/);
    expect(existsSync(join(cwd, 'none'))).toBe(false);
  });

  it('looks for a codex when none is named, and says where it looked', async () => {
    const { PATH, CODEX_BINARY } = process.env;
    process.env['PATH'] = ['/no/bin', '/no/sbin'].join(delimiter);
    process.env['CODEX_BINARY'] = join(cwd, 'gone');
    try {
      const error: unknown = await lastValueFrom(writeCodexContract({ out: 'none', cwd })).catch((it: unknown) => it);
      expect(error).toMatchObject({
        name: 'CodegenError',
        message: expect.stringMatching(
          /^no codex was found; --codex names one\. Looked at CODEX_BINARY .*gone: no such file$/,
        ),
      });
    } finally {
      process.env['PATH'] = PATH;
      if (CODEX_BINARY === undefined) delete process.env['CODEX_BINARY'];
      else process.env['CODEX_BINARY'] = CODEX_BINARY;
    }
  });
});
