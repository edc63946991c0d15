/** Violates the policy. */
export function violate() {
  try {
    new Function('');
  } catch {
    // So the policy holds.
  }
}
