import { codexVersion } from '../../src/codex/index.js';

describe('codexVersion', () => {
  it.each([
    ['rx-sluice/0.169.0 (Debian 12.0.0; x86_64) unknown (rx-sluice; 0.1.0)', '0.169.0'],
    ['my editor/0.170.0-alpha.3 (Mac OS 15; arm64)', '0.170.0-alpha.3'],
    ['rx-sluice-cli', undefined],
    ['name/unknown (0.169.0)', undefined],
    ['', undefined],
  ])('of "%s" is %s', (userAgent, version) => {
    expect(codexVersion(userAgent)).toBe(version);
  });
});
