import { randomOf } from './random-of.js';

/** What may happen to one message; see {@link faultyWire}. */
export type Fault = '-' | 'd' | 'g' | 's' | 'h' | '#' | '|';

const KNOWN = '-dgsh#|';
/** One message in so many meets a fault of a seed. */
const ONE_IN = 8;

/** The faults of one direction: by marbles, by chance from a seed, or none. It remembers what it has dealt out. */
export class FaultScore {
  private readonly marbles: string;
  private readonly random: (() => number) | undefined;
  private dealt = '';

  /** @throws TypeError if there is a marble that means nothing. */
  constructor(
    marbles: string | undefined,
    seed: number | undefined,
    private readonly choice: string,
  ) {
    this.marbles = (marbles ?? '').replaceAll(' ', '');
    for (const marble of this.marbles + choice) {
      if (!KNOWN.includes(marble)) throw new TypeError(`"${marble}" is no fault: use ${[...KNOWN].join(' ')}`);
    }
    this.random = marbles !== undefined || seed === undefined ? undefined : randomOf(seed);
  }

  /** What it has dealt out so far, as marbles. */
  get played(): string {
    return this.dealt;
  }

  /** For the next message. */
  next(): Fault {
    const fault = this.draw();
    this.dealt += fault;
    return fault;
  }

  private draw(): Fault {
    const { choice, dealt, marbles, random } = this;
    if (random === undefined) return (marbles[dealt.length] ?? '-') as Fault;
    // Both are drawn each time, so that a choice does not shift what comes after it.
    const [chance, which] = [random(), random()];
    return (chance * ONE_IN < 1 ? (choice[Math.floor(which * choice.length)] ?? '-') : '-') as Fault;
  }
}
