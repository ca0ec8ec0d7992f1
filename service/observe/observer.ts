/** A finished request. */
export type RequestFacts = {
  /** Pattern of the route, never the path; null for none. */
  readonly route: string | null
  readonly method: string
  /** Null when the caller hung up before the response was complete. */
  readonly status: number | null
  readonly milliseconds: number
  /** Code of the problem in the response; null for none. */
  readonly problem: string | null
}

/** @param outcome One of a small fixed set that does not depend on tenants, such as problem codes. */
export type OutcomeWatch = (outcome: string, milliseconds: number) => void

/** Records events as metrics. It never receives data of a tenant. */
export type Observer = {
  requestStarted(): void
  requestFinished(facts: RequestFacts): void
  /** One call of an API. The outcome is the class of its status or a problem code. */
  readonly upstreamCalled: OutcomeWatch
  /** One compilation of a document. */
  readonly compiled: OutcomeWatch
  /** Writes all metrics in the text format of Prometheus. */
  write(): Promise<{ readonly contentType: string; readonly text: string }>
  close(): void
}

/** For `METRICS=off`. */
export const NOOP_OBSERVER: Observer = {
  requestStarted: () => {},
  requestFinished: () => {},
  upstreamCalled: () => {},
  compiled: () => {},
  write: async () => ({ contentType: 'text/plain', text: '' }),
  close: () => {}
}
