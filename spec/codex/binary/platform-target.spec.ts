import { platformTarget } from '../../../src/codex/binary/platform-target.js';

describe('platformTarget', () => {
  it('is what npm calls it', () => {
    expect(platformTarget('linux', 'x64')).toEqual({
      packageName: '@openai/codex-linux-x64',
      triple: 'x86_64-unknown-linux-musl',
      program: 'codex',
    });
    expect(platformTarget('darwin', 'arm64')).toMatchObject({ triple: 'aarch64-apple-darwin' });
    expect(platformTarget('win32', 'x64')).toMatchObject({ triple: 'x86_64-pc-windows-msvc', program: 'codex.exe' });
    expect(platformTarget('android', 'arm64')).toMatchObject({ packageName: '@openai/codex-linux-arm64' });
  });

  it('is none for what codex is not built for', () => {
    expect(platformTarget('linux', 'riscv64')).toBeUndefined();
    expect(platformTarget('aix', 'x64')).toBeUndefined();
  });
});
