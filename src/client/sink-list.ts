/**
 * The listeners of one thing.
 *
 * The array is replaced, never changed: who iterates it sees the listeners of the moment it started, whatever joins or
 * leaves meanwhile, and delivering, which happens far more often, copies nothing.
 */
export class SinkList<S> {
  sinks: readonly S[] = [];

  add(sink: S): void {
    this.sinks = [...this.sinks, sink];
  }

  delete(sink: S): void {
    this.sinks = this.sinks.filter((other) => other !== sink);
  }
}
