import { notification, request } from '../../protocol/index.js';
import {
  CommandExecOutputDelta,
  CommandExecParams,
  CommandExecResizeParams,
  CommandExecResult,
  CommandExecTerminateParams,
  CommandExecWriteParams,
  Nothing,
} from '../schemas/command-exec.js';

/** What is done to one command is done in order; the command itself is not waited for. */
const scopeOf = (processId: string): string => `command/exec:${processId}`;

/** The requests of commands that belong to no thread. */
export const execRequests = {
  'command/exec': request({ params: CommandExecParams, result: CommandExecResult }),
  'command/exec/write': request({
    params: CommandExecWriteParams,
    result: Nothing,
    scope: (p) => scopeOf(p.processId),
  }),
  'command/exec/resize': request({
    params: CommandExecResizeParams,
    result: Nothing,
    scope: (p) => scopeOf(p.processId),
  }),
  'command/exec/terminate': request({ params: CommandExecTerminateParams, result: Nothing, urgent: true }),
};

/** Lossless: a terminal that misses a byte shows nonsense. The command waits for a client that is slow. */
export const execNotifications = {
  'command/exec/outputDelta': notification({ params: CommandExecOutputDelta }),
};
