import type { Command } from '../commander.js';
import { type ListenAddress, listenAddress } from '../listen-address.js';
import { UsageError } from '../usage-error.js';

/** Which clients may connect. */
export interface Protection {
  /** The pages that may connect, by their origin. */
  readonly allowedOrigins: readonly string[];
  /** The file with the token every client must show. */
  readonly tokenFile: string | undefined;
}

/** Where clients connect, and which may. */
export interface ListenOptions extends Protection {
  readonly listen: ListenAddress;
}

/** Those options as they were written. */
export interface WrittenListenOptions {
  readonly listen: string;
  readonly allowOrigin?: readonly string[];
  readonly tokenFile?: string;
}

/** Adds the options that say which clients may connect. */
export function defineProtection(command: Command): Command {
  return command
    .option(
      '--allow-origin <url>',
      'a page of this origin may connect, as https://example.org; give it again for more (default: no page may)',
      (url: string, before: readonly string[] | undefined) => [...(before ?? []), url],
    )
    .option('--token-file <file>', 'every client must show the token that is in this file (Authorization: Bearer)');
}

/** Reads them. */
export function listenOptions({ listen, allowOrigin = [], tokenFile }: WrittenListenOptions): ListenOptions {
  for (const origin of allowOrigin) {
    if (!/^[a-z][a-z\d+.-]*:\/\/[^\s/?#*@]+$/i.test(origin)) {
      throw new UsageError(`--allow-origin takes an origin such as https://example.org, not "${origin}"`);
    }
  }
  return { listen: listenAddress(listen), allowedOrigins: allowOrigin, tokenFile };
}
