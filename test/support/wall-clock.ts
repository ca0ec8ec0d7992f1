const read = Date.now
let shift = 0

// Whoever keeps the function keeps this one, so it is imported before the service is.
Date.now = () => read() + shift

/** Sets the wall clock of this process by so many milliseconds; the monotonic clocks go on. */
export function setWallClock(milliseconds: number): void {
  shift += milliseconds
}
