import type { Observer } from 'rxjs';

import { type PendingOwner, PendingRequest } from '../correlation/index.js';
import { checkSchema, DecodeError, type RequestSpec } from '../protocol/index.js';

/** A request of this client, with what its contract says about it looked up once. */
export class ClientRequest extends PendingRequest {
  readonly urgent: boolean;

  constructor(
    method: string,
    params: unknown,
    observer: Observer<unknown>,
    owner: PendingOwner<PendingRequest>,
    readonly spec: RequestSpec | undefined,
    /** Whether the observer wants the answer's place among all that was received. */
    readonly wantsSeq: boolean,
  ) {
    super(method, params, observer, owner);
    this.urgent = spec?.urgent === true;
  }

  /** The result has come. It is compared with its schema first if it `isChecked`. */
  accept(result: unknown, seq: number, isChecked: boolean): void {
    const issues = isChecked ? checkSchema(this.spec?.result, result) : undefined;
    if (issues !== undefined) this.reject(new DecodeError(this.method, issues, result));
    else this.resolve(this.wantsSeq ? { id: this.id, seq, result } : result);
  }
}
