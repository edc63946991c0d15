/**
 * Which incoming values are compared with the contract's schemas. Each end checks what it receives; nothing is ever
 * changed, and keys a schema does not know survive.
 */
export interface Validation {
  /** Params of requests and notifications that arrive at a server. A misfit is answered -32602. Default true. */
  readonly params: boolean;
  /** Answers. A misfit errors the request with `DecodeError`. Default true, in process false. */
  readonly results: boolean;
  /** Events and server requests that arrive at a client. A misfit is a diagnostic. Default true, in process false. */
  readonly events: boolean;
}

/** Fills in the defaults, which differ where both ends share one process and one type checker. */
export function resolveValidation(given: Partial<Validation> = {}, local: boolean): Validation {
  return { params: given.params ?? true, results: given.results ?? !local, events: given.events ?? !local };
}
