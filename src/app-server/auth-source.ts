import type { Observable } from 'rxjs';

/**
 * What an agent proves with on whose behalf it works. The server itself never looks at it.
 *
 * Both emit once for each subscription and complete; an error is the agent's to handle.
 */
export interface AuthSource {
  /** The token to use now; `null`: nobody is signed in. */
  readonly token$: Observable<string | null>;
  /** Asks for a new token because the last one was refused; `null`: there is none. Cold. */
  renew(): Observable<string | null>;
}
