/** What the handshake calls an operating system that Node calls otherwise. */
const NAMES: Readonly<Partial<Record<NodeJS.Platform, string>>> = { darwin: 'macos', win32: 'windows' };

/** A platform of Node's, in the words of the handshake. */
export function platformOf(platform: NodeJS.Platform): { readonly family: string; readonly os: string } {
  return { family: platform === 'win32' ? 'windows' : 'unix', os: NAMES[platform] ?? platform };
}
