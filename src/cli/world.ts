import type { SchedulerLike } from 'rxjs';

import type { Agent } from '../app-server/index.js';
import type { Terminal } from './terminal.js';
import type { Wires } from './wires.js';

/** All that the program touches but files: a spec can be that world. */
export interface World {
  readonly terminal: Terminal;
  readonly scheduler: SchedulerLike;
  /** Works on the turns of servers in this process. */
  readonly agent: Agent;
  readonly wires: Wires;
  /** What kind of machine this is, in the words of the handshake. */
  readonly platform: { readonly family: string; readonly os: string };
}
