/** Does work under a key once for all who ask for it while it is under way. */
export type SingleFlight<T> = (key: string, work: () => Promise<T>) => Promise<T>

/** Work that is shared under keys of its own. What it gave, or failed by, is not kept. */
export function createSingleFlight<T>(): SingleFlight<T> {
  const flights = new Map<string, Promise<T>>()
  return (key, work) => {
    const running = flights.get(key)
    if (running !== undefined) return running
    const flight = work().finally(() => {
      flights.delete(key)
    })
    flights.set(key, flight)
    return flight
  }
}
