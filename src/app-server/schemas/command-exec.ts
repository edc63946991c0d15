import * as z from 'zod';

/** How large a terminal is, in characters. */
export const TerminalSize = z.looseObject({
  rows: z.int().min(1).max(65_535),
  cols: z.int().min(1).max(65_535),
});
export type TerminalSize = z.infer<typeof TerminalSize>;

/** A command that belongs to no thread. */
export const CommandExecParams = z.looseObject({
  /** The program and its arguments. No shell reads them. */
  command: z.array(z.string()).min(1),
  /** What the client calls it, unique among those of its connection that run. Needed to stream, write or end it. */
  processId: z.string().min(1).nullish(),
  cwd: z.string().nullish(),
  /** Variables to add to the server's own; `null` takes one away. */
  env: z.record(z.string(), z.string().nullable()).nullish(),
  /** Runs it in a terminal. Implies both streams. */
  tty: z.boolean().nullish(),
  size: TerminalSize.nullish(),
  /** It gets an input, which `command/exec/write` feeds. */
  streamStdin: z.boolean().nullish(),
  /** Output comes as `command/exec/outputDelta`, and the answer has none. */
  streamStdoutStderr: z.boolean().nullish(),
  /** Bytes of each stream that are told; the rest is read and given up. Default: the server's. */
  outputBytesCap: z.int().min(0).nullish(),
  disableOutputCap: z.boolean().nullish(),
  /** Milliseconds. Default: the server's. */
  timeoutMs: z.int().min(0).nullish(),
  disableTimeout: z.boolean().nullish(),
});
export type CommandExecParams = z.infer<typeof CommandExecParams>;

/** How it ended: its own code, 128 and the signal's number, or 124 when its time was up. */
export const CommandExecResult = z.looseObject({ exitCode: z.int(), stdout: z.string(), stderr: z.string() });
export type CommandExecResult = z.infer<typeof CommandExecResult>;

/** Input for a command that runs, as base64, and whether it is the last. */
export const CommandExecWriteParams = z.looseObject({
  processId: z.string(),
  deltaBase64: z.string().nullish(),
  closeStdin: z.boolean().nullish(),
});
export type CommandExecWriteParams = z.infer<typeof CommandExecWriteParams>;

/** The new size of a command's terminal. */
export const CommandExecResizeParams = z.looseObject({ processId: z.string(), size: TerminalSize });
export type CommandExecResizeParams = z.infer<typeof CommandExecResizeParams>;

/** Which command is to end. */
export const CommandExecTerminateParams = z.looseObject({ processId: z.string() });
export type CommandExecTerminateParams = z.infer<typeof CommandExecTerminateParams>;

/** Bytes a command wrote. */
export const CommandExecOutputDelta = z.looseObject({
  processId: z.string(),
  /** A terminal has only one. */
  stream: z.enum(['stdout', 'stderr']),
  deltaBase64: z.string(),
  /** What the stream has beyond this is not told. */
  capReached: z.boolean(),
});
export type CommandExecOutputDelta = z.infer<typeof CommandExecOutputDelta>;

/** An answer that only says that it was done. */
export const Nothing = z.looseObject({});
