import { platformOf } from '../../src/cli/platform.js';

describe('the platform', () => {
  it.each([
    ['linux', { family: 'unix', os: 'linux' }],
    ['darwin', { family: 'unix', os: 'macos' }],
    ['win32', { family: 'windows', os: 'windows' }],
  ] as const)('%s has a name in the handshake', (platform, name) => {
    expect(platformOf(platform)).toEqual(name);
  });
});
