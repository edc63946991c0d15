/** What npm calls the package for a platform, and what its folder is called. */
export interface PlatformTarget {
  readonly packageName: string;
  readonly triple: string;
  readonly program: string;
}

const TRIPLES: Readonly<Record<string, string>> = {
  'linux-x64': 'x86_64-unknown-linux-musl',
  'linux-arm64': 'aarch64-unknown-linux-musl',
  'darwin-x64': 'x86_64-apple-darwin',
  'darwin-arm64': 'aarch64-apple-darwin',
  'win32-x64': 'x86_64-pc-windows-msvc',
  'win32-arm64': 'aarch64-pc-windows-msvc',
};

/** Where codex's npm packages keep the program for a platform; undefined for one they do not have. */
export function platformTarget(platform: string, arch: string): PlatformTarget | undefined {
  const name = `${platform === 'android' ? 'linux' : platform}-${arch}`;
  const triple = TRIPLES[name];
  if (triple === undefined) return undefined;
  return { packageName: `@openai/codex-${name}`, triple, program: platform === 'win32' ? 'codex.exe' : 'codex' };
}
