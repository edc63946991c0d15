import { Observable, type Subscriber, type TeardownLogic } from 'rxjs';

import { ClientRequest } from './client-request.js';
import type { RequestOptions } from './client.js';
import type { CommandLane } from './command-lane.js';

/**
 * A request that is sent each time somebody subscribes.
 *
 * It overrides `_subscribe` instead of taking a function, and hands the request itself over as the teardown: two
 * closures less for each request, which is measurable at the rate this runs. `_subscribe` is RxJS's own seam for that
 * and has a spec here, since RxJS does not promise it.
 */
export class RequestObservable<R> extends Observable<R> {
  constructor(
    private readonly lane: CommandLane,
    private readonly method: string,
    private readonly params: unknown,
    private readonly options: RequestOptions | undefined,
    private readonly wantsSeq: boolean,
  ) {
    super();
  }

  protected _subscribe(subscriber: Subscriber<unknown>): TeardownLogic {
    const { lane, method, options } = this;
    const request = new ClientRequest(method, this.params, subscriber, lane, lane.specOf(method), this.wantsSeq);
    lane.submit(request, options?.id, options?.timeout ?? lane.timeout);
    return request.state === 'settled' ? undefined : request;
  }
}
