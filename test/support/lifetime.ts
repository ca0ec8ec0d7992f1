/** What ends the things that a helper starts: a test, or `{ after }` of node:test for a file of tests. */
export type Lifetime = {
  /** Registers what ends a thing. */
  after(end: () => unknown): void
}
