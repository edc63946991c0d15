import type { Observable } from 'rxjs';

/** The world as the program sees it. */
export interface Terminal {
  /** Shows text, whether there is room for it or not. */
  write(text: string): void;
  /** Whether whoever reads the output keeps up; if not, what comes next had better wait for `drained$`. */
  hasRoom(): boolean;
  /** Emits when there is room for output again. */
  readonly drained$: Observable<unknown>;
  /** Shows text that is not part of what the program produces: questions, complaints. */
  writeError(text: string): void;
  /** What the user types, line by line; completes when there will be no more. `undefined`: there is nobody to ask. */
  readonly lines$: Observable<string> | undefined;
  /** Whether output may be coloured. */
  readonly hasColors: boolean;
  /** Emits when the user wants the program to stop. */
  readonly interrupts$: Observable<unknown>;
  /** Emits when nobody reads the output any more. */
  readonly unread$: Observable<unknown>;
  /** The folder the program was started in. */
  readonly cwd: string;
}
