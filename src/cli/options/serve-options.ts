import { type Command, Option } from '../commander.js';
import { exitCodeLines } from '../exit-code-lines.js';
import { UsageError } from '../usage-error.js';
import { defineProtection, listenOptions, type ListenOptions, type WrittenListenOptions } from './listen-options.js';

/** What `serve` is asked to do. */
export interface ServeOptions extends ListenOptions {
  /** The folder threads are kept in; `undefined`: none outlives the server. */
  readonly store: string | undefined;
}

interface Written extends WrittenListenOptions {
  readonly store?: string;
}

/** Describes `serve`, the app server behind a wire, and hands on what it is asked to do. */
export function defineServe(command: Command, chosen: (options: ServeOptions) => void): void {
  command
    .summary('serve the app server on stdio, a WebSocket or a unix socket')
    .description(
      'Serves the reference app server, whose agent runs its input as a shell command after its client has agreed. ' +
        'On stdio it speaks one JSON message a line and ends with its input. Elsewhere it says on stderr where it ' +
        'listens, and serves until Ctrl-C or SIGTERM, which end it in order; a second one ends it at once.',
    )
    .addOption(
      new Option('--listen <where>', 'stdio, ws://HOST:PORT (port 0: any that is free) or unix:PATH').default(
        'stdio',
        'stdio',
      ),
    )
    .option('--store <folder>', 'keep threads in this folder (default: they end with the server)');
  defineProtection(command)
    .addHelpText('after', exitCodeLines(['Success', 'BadArguments', 'Unavailable', 'Unprotected', 'Interrupted']))
    .action((written: Written) => {
      const options = listenOptions(written);
      if (options.listen.type === 'stdio' && (options.allowedOrigins.length > 0 || options.tokenFile !== undefined)) {
        throw new UsageError('--allow-origin and --token-file go with --listen ws:// or unix:');
      }
      if (written.store?.trim() === '') throw new UsageError('--store takes a folder');
      chosen({ ...options, store: written.store });
    });
}
