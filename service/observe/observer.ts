/** What is counted of a request that is over. */
export type RequestFacts = {
  /** The pattern of its route, never the path that was called; null where there is none. */
  readonly route: string | null
  readonly method: string
  /** Null where the caller hung up before it had the whole answer. */
  readonly status: number | null
  readonly milliseconds: number
  /** Code of the problem that was answered; null for none. */
  readonly problem: string | null
}

/**
 * Told of something that has ended.
 *
 * @param outcome One of few words that are the same for all tenants, such as the code of a problem.
 */
export type OutcomeWatch = (outcome: string, milliseconds: number) => void

/** Takes what happens in this service, and writes what is seen of it from outside. It learns of no tenant. */
export type Observer = {
  requestStarted(): void
  requestFinished(facts: RequestFacts): void
  /** Of a single call of an API: the class of its status, else the code of a problem. */
  readonly upstreamCalled: OutcomeWatch
  /** Of a document that was to be compiled. */
  readonly compiled: OutcomeWatch
  /** Everything that was counted, and how things are at the moment, as Prometheus reads it. */
  write(): Promise<MetricsText>
  close(): void
}

export type MetricsText = { readonly contentType: string; readonly text: string }

/** Observes nothing: `METRICS` is off. */
export const NOOP_OBSERVER: Observer = {
  requestStarted: () => {},
  requestFinished: () => {},
  upstreamCalled: () => {},
  compiled: () => {},
  write: async () => ({ contentType: 'text/plain', text: '' }),
  close: () => {}
}
