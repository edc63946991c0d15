/** One thing a mock model does in its answer. */
export type ModelStep =
  /** Says something, a piece at a time; `delay` milliseconds after each. Default delay 0. */
  | { readonly type: 'say'; readonly pieces: Iterable<string>; readonly delay?: number }
  /** Thinks, in a summary that is shown. */
  | { readonly type: 'think'; readonly pieces: Iterable<string> }
  /** Wants a shell command to be run; `escalate`: outside the sandbox, which codex has to ask for. */
  | { readonly type: 'run'; readonly command: string; readonly escalate?: boolean }
  /** Goes on with a command that was not over when codex told its output so far; that names its session. */
  | { readonly type: 'wait'; readonly session: number }
  /** Says no more until codex hangs up. */
  | { readonly type: 'hang' }
  /** Breaks the connection in the middle of the answer. */
  | { readonly type: 'cut' }
  /** Answers with an HTTP error instead of a stream. Only as the first step. */
  | { readonly type: 'fail'; readonly status: number };

/** What codex asks of a model, as far as a script needs it. */
export interface ModelRequest {
  /** The newest thing the user said. */
  readonly text: string;
  /** What the tools said that the model has asked for since. */
  readonly toolOutputs: readonly string[];
  /** The names of the tools it may ask for. */
  readonly tools: readonly string[];
  /** How many requests came before this one. */
  readonly index: number;
}

/** Decides what a mock model answers to a request. */
export type ModelScript = (request: ModelRequest) => Iterable<ModelStep>;

/**
 * What a mock model does without a script: it greets, and runs what follows a `!`. Enough to see a turn, and an approval.
 */
export const politeModel: ModelScript = ({ text, toolOutputs }) => {
  if (toolOutputs.length > 0) return [{ type: 'say', pieces: ['It said: ', toolOutputs.join('\n')] }];
  if (text.startsWith('!')) return [{ type: 'run', command: text.slice(1).trim() }];
  return [{ type: 'say', pieces: ['Hello', ' from', ' the', ' mock', ' model.'] }];
};
