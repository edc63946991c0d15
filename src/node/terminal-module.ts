/** A running terminal, as `node-pty` has it. */
export interface TerminalProcess {
  readonly pid: number;
  /** Calls the listener with what the program writes. */
  onData(listener: (data: string) => void): unknown;
  /** Calls the listener once, when the program has ended. */
  onExit(listener: (exit: { exitCode: number; signal?: number }) => void): unknown;
  /** Types into the terminal. Declared without `Buffer`, so that this entry point needs no types of Node. */
  write(data: string | Uint8Array): void;
  /** Tells the program the new size. */
  resize(cols: number, rows: number): void;
  /** Reads no more, so that the program blocks when the pipe is full. */
  pause(): void;
  /** Reads on. */
  resume(): void;
}

/** What is needed of the module `node-pty`. */
export interface TerminalModule {
  /** Starts a program in a new terminal. */
  spawn(
    file: string,
    args: string[],
    options: {
      name: string;
      cols: number;
      rows: number;
      cwd: string;
      env: Record<string, string | undefined>;
      encoding: null;
    },
  ): TerminalProcess;
}
