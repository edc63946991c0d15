import type { Command } from '../commander.js';
import { exitCodeLines } from '../exit-code-lines.js';
import type { SocketAddress } from '../listen-address.js';
import { numberOption } from '../number-option.js';
import { UsageError } from '../usage-error.js';
import { wholeNumber } from '../whole-number.js';
import { defineProtection, listenOptions, type Protection, type WrittenListenOptions } from './listen-options.js';

/** What `bridge` is asked to do. */
export interface BridgeOptions extends Protection {
  readonly listen: SocketAddress;
  /** The program that is started for each connection. */
  readonly program: string;
  readonly args: readonly string[];
  /** Programs that may run at a time. */
  readonly maxClients: number;
}

interface Written extends WrittenListenOptions {
  readonly maxClients: string;
}

/** Each client costs a process. */
const MAX_CLIENTS = 16;

/** Describes `bridge`, a program's stdio behind a socket, and hands on what it is asked to do. */
export function defineBridge(command: Command, chosen: (options: BridgeOptions) => void): void {
  command
    .summary('put a program that speaks on stdio behind a WebSocket, one process per connection')
    .description(
      'Listens on a socket, starts the program for each connection and relays between the two. Whichever ends first ' +
        'ends the other. It does not start without --allow-origin or --token-file: the program would be anybody’s.',
    )
    .usage('--listen <where> [options] -- <program> [args ...]')
    .argument('<program>', 'what to start, for example codex')
    .argument('[args...]', 'its arguments, for example app-server')
    .requiredOption('--listen <where>', 'ws://HOST:PORT (port 0: any that is free) or unix:PATH')
    .addOption(numberOption('--max-clients <n>', 'clients, and so programs, at a time', MAX_CLIENTS))
    .passThroughOptions();
  defineProtection(command)
    .addHelpText('after', exitCodeLines(['Success', 'BadArguments', 'Unavailable', 'Unprotected', 'Interrupted']))
    .action((program: string, args: readonly string[], written: Written) => {
      const { listen, ...protection } = listenOptions(written);
      if (listen.type === 'stdio') throw new UsageError('--listen takes ws://HOST:PORT or unix:PATH here');
      if (program.trim() === '') throw new UsageError('the program is empty');
      chosen({ ...protection, listen, program, args, maxClients: wholeNumber('--max-clients', written.maxClients, 1) });
    });
}
