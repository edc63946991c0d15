/**
 * Names one request on one wire.
 *
 * JSON-RPC keeps the two kinds apart: `1` and `"1"` are different requests. Fractions, `null` and integers beyond 2^53
 * are refused, since a peer may treat the first two as notifications and no JavaScript peer can echo the third.
 */
export type RequestId = number | string;
