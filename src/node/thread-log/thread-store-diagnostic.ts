/** Something a store found in its folder or could not do there, which no answer can carry. */
export type ThreadStoreDiagnostic =
  /** A file ends in the beginning of a line: somebody died while writing it. It is cut off before the next entry. */
  | { readonly type: 'tornTail'; readonly file: string; readonly bytes: number; readonly reason: string }
  /** A line makes no sense. It is skipped and stays where it is. */
  | {
      readonly type: 'damagedLine';
      readonly file: string;
      readonly offset: number;
      readonly bytes: number;
      readonly reason: string;
    }
  /** A line is whole but of a kind this version does not know. It is skipped and stays where it is. */
  | { readonly type: 'unknownLine'; readonly file: string; readonly kind: string }
  /** A file cannot be read as a thread and is left as it is; the thread is not listed and cannot be made anew. */
  | { readonly type: 'unreadable'; readonly file: string; readonly error: unknown }
  /** A file without one whole line stood where a new thread's had to go. */
  | { readonly type: 'movedAside'; readonly file: string; readonly to: string }
  /** The index was not whole; the logs were read instead. */
  | { readonly type: 'indexDamaged'; readonly file: string; readonly lines: number }
  /** The index could not be written; the next start takes longer. */
  | { readonly type: 'indexNotWritten'; readonly file: string; readonly error: unknown }
  /** The store that had the folder before has died without closing it. */
  | { readonly type: 'lockTakenOver'; readonly file: string; readonly pid: number };
