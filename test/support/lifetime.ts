/** What ends the things that a helper starts: a test, or `{ after }` of node:test for a file of tests. */
export type Lifetime = {
  /** Registers what ends a thing. */
  after(end: () => unknown): void
}

/**
 * Registers what ends a thing, and lets go of the thing after that. The test runner keeps what is registered until its
 * process ends.
 */
export function endWith(t: Lifetime, end: () => unknown): void {
  let held: (() => unknown) | null = end
  t.after(() => {
    const last = held
    held = null
    return last?.()
  })
}
