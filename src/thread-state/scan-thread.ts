import {
  catchError,
  connect,
  defer,
  distinctUntilChanged,
  EMPTY,
  filter,
  from,
  map,
  merge,
  scan,
  startWith,
  Subject,
  tap,
} from 'rxjs';
import type { Observable, ObservableInput, OperatorFunction } from 'rxjs';

import { isLagged, type Lagged, resyncOnLag, type ResyncOptions } from '../backpressure/index.js';
import { emptyThread } from './empty-thread.js';
import { jsonObject } from './json-object.js';
import { reduceThread } from './reduce-thread.js';
import type { ThreadEvent, ThreadInput, ThreadSnapshot } from './thread-input.js';
import type { ThreadItem, ThreadState } from './thread-state.js';
import { tornBy } from './torn-by.js';

/** The answer to a `thread/read` with turns or a `thread/resume`, as `client.exchange()` emits it. */
export interface ThreadAnswer {
  readonly result: { readonly thread: unknown };
  readonly seq?: number;
}

/** Where a thread's state begins, and who is asked for it after a gap. */
export interface ScanThreadOptions<I extends ThreadItem = ThreadItem> {
  /** Asks for the thread as it is now. Default: nobody is asked, and a gap stays. */
  readonly snapshot?: (gap: Lagged) => ObservableInput<ThreadAnswer>;
  /** Most events held while a snapshot is on its way. From 1, or Infinity. Default 1,024. */
  readonly capacity?: number;
  /** The state to go on from. Default {@link emptyThread}. */
  readonly initial?: ThreadState<I>;
}

/**
 * Follows a thread: emits what there is to show, at once and after each event that changes it.
 *
 * A gap is shown as soon as it is told: the state is `partial`. With `snapshot` the thread is then asked for and the
 * events that follow are held; the answer and those of them it does not cover make the state whole again.
 *
 * ```
 *  source    -a-2-b-----
 *  snapshot      ---s|
 *  out       sa-p---w---      s = as it was, p = partial, w = whole, with b
 * ```
 *
 * **Use it when** a view shows a thread. Slow down the *states*, not the events: put `paceOn` or `auditTime` after this
 * operator, and each frame shows the newest state with nothing lost. **Rather use** {@link reduceThread} in a store.
 *
 * - Loses: nothing; what was lost before it is asked for again. - On complete: of the source, after the held events.
 * - On error: of the source, after the held events; of the snapshot, at once. To try again, put `retry` inside it.
 * - On unsubscribe: gives up the snapshot. - Subscribers: each has a state of its own; put `shareReplay` behind it.
 *
 * @example One state for all that show a thread
 * ```ts
 * events$.pipe(scanThread(threadId)).subscribe(({ items, partial }) => render({ items, partial }));
 * ```
 * @param threadId Events of other threads change nothing.
 * @returns An operator from events, gaps and answers given to states.
 */
export function scanThread<I extends ThreadItem = ThreadItem>(
  threadId: string,
  { snapshot, capacity = 1024, initial = emptyThread<I>(threadId) }: ScanThreadOptions<I> = {},
): OperatorFunction<ThreadInput, ThreadState<I>> {
  return (inputs) =>
    (snapshot === undefined ? inputs : repaired(inputs, snapshot, { capacity })).pipe(
      scan(reduceThread<I>, initial),
      startWith(initial),
      distinctUntilChanged(),
    );
}

/** Each gap as soon as it is told, and a snapshot in its place among the events. */
function repaired(
  inputs: Observable<ThreadInput>,
  ask: (gap: Lagged) => ObservableInput<ThreadAnswer>,
  options: ResyncOptions<ThreadInput, ThreadSnapshot>,
): Observable<ThreadInput> {
  return defer(() => {
    const torn = new Subject<Lagged>();
    let covered = -1;
    let asked = -1;
    return inputs.pipe(
      tap({ complete: () => torn.complete() }),
      connect((shared) =>
        merge(
          // The end is the other one's to tell, after what it holds.
          shared.pipe(
            filter(isLagged),
            catchError(() => EMPTY),
          ),
          merge(torn, shared).pipe(
            resyncOnLag((gap) => from(ask(gap)).pipe(map(toSnapshot)), options),
            // What a snapshot has torn can be had from another one only.
            tap((input) => {
              if (input.type === 'snapshot') covered = input.seq ?? covered;
              const loss = tornBy(covered, input);
              if (loss !== undefined) torn.next(loss);
            }),
            map((input) => {
              if (!isAboutQuestion(input) || input.seq === undefined || input.seq <= asked) return input;
              asked = input.seq;
              // No snapshot has questions in it: what it seems to cover is news.
              return asked > covered ? input : withoutSeq(input);
            }),
          ),
        ),
      ),
    );
  });
}

function isAboutQuestion(input: ThreadInput): input is ThreadEvent {
  return 'method' in input && (input.type === 'serverRequest' || input.method === 'serverRequest/resolved');
}

function withoutSeq({ seq: _, ...event }: ThreadEvent): ThreadEvent {
  return event;
}

function toSnapshot({ result, seq }: ThreadAnswer): ThreadSnapshot {
  const { thread } = jsonObject(result);
  return { type: 'snapshot', thread, ...(seq === undefined ? undefined : { seq }) };
}
