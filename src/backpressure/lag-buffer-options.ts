import type { LagOptions } from './lag-options.js';

/** What a bare buffer can be told beside the options of the operators. */
export interface LagBufferOptions<T> extends LagOptions<T> {
  /** Most bytes of lossless events held, as `bytesOf` counts them. From 0; default no limit. */
  readonly losslessBytes?: number;
  /** Size of an event. Default: an estimate from its strings. */
  readonly bytesOf?: (event: T) => number;
  /** Number of an event in its stream; markers then carry `first` and `last` where all in the gap is known. */
  readonly seqOf?: (event: T) => number;
}
