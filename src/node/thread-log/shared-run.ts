/**
 * Does the same work for all who ask for it at about the same time.
 *
 * A run that has begun cannot vouch for what was asked after its beginning, so who asks meanwhile gets the next one; all
 * of those share it.
 *
 * @internal
 */
export class SharedRun {
  private running: Promise<void> | undefined;
  private next: Promise<void> | undefined;

  constructor(private readonly work: () => Promise<void>) {}

  /** Whether a run is under way. */
  get isBusy(): boolean {
    return this.running !== undefined;
  }

  run(): Promise<void> {
    if (this.running === undefined) return this.begin();
    this.next ??= this.running.then(noop, noop).then(() => {
      this.next = undefined;
      return this.begin();
    });
    return this.next;
  }

  private begin(): Promise<void> {
    const running = this.work().finally(() => {
      if (this.running === running) this.running = undefined;
    });
    this.running = running;
    return running;
  }
}

const noop = (): void => undefined;
