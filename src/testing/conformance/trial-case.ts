import type { ConformanceAbility } from './conformance-harness.js';
import type { Trial } from './trial.js';

/** A rule and how it is tried, before a wire is known. */
export interface TrialCase {
  readonly rule: string;
  readonly name: string;
  /** What a wire must be able to show. */
  readonly needs?: ConformanceAbility;
  /** Rejects if the rule does not hold. */
  readonly body: (trial: Trial) => Promise<void>;
}
