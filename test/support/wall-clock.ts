const read = Date.now
let shift = 0

// Import this before the service, which may keep a reference to the function.
Date.now = () => read() + shift

/** Shifts the wall clock of this process; monotonic clocks are unaffected. */
export function setWallClock(milliseconds: number): void {
  shift += milliseconds
}
