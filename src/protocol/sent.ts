/**
 * What became of an event.
 *
 * - `sent`: the wire has it. - `queued`: it waits for the wire. - `dropped`: making room cost an event, this one or an
 * older one, so the source had better pause; or the wire cannot carry it. - `closed`: nobody is there.
 */
export type Sent = 'sent' | 'queued' | 'dropped' | 'closed';
