import type { ConnectorError } from '../../errors.ts'

export type EntityKind = 'collections' | 'endpoints'

/** What became of an entity. `unsent`: the run was cut before. */
export const OUTCOMES = [
  'created',
  'updated',
  'unchanged',
  'filtered',
  'deleted',
  'failed',
  'unsent'
] as const
export type Outcome = (typeof OUTCOMES)[number]

export type Counts = { readonly [outcome in Outcome]: number }

export type Failure = {
  /** What it is of. */
  readonly kind: 'source' | 'server' | 'collection' | 'endpoint'
  readonly name: string
  readonly code: string
  readonly reason: string
}

/** What a run did (docs/catalog.md#the-report). */
export type RunReport = {
  readonly service: string
  /** Host and port of the server. */
  readonly server: string
  readonly serverVersion: string | null
  readonly state: 'success' | 'partialSuccess' | 'failed'
  readonly collections: Counts
  readonly endpoints: Counts
  readonly failures: readonly Failure[]
  readonly warnings: readonly string[]
}

/** Warnings that a report has at most. */
const WARNINGS_MAX = 1_000

/** Collects what a run does. */
export type Reporting = {
  count(kind: EntityKind, outcome: Outcome, number?: number): void
  fail(kind: Failure['kind'], name: string, error: Pick<ConnectorError, 'code' | 'message'>): void
  warn(text: string): void
  /** Warns of a part of the source that the run does not look at. */
  leaveOut(text: string): void
  /** Whether everything of the source was written, so that what is missing in it is gone. */
  isComplete(): boolean
  result(serverVersion: string | null): RunReport
}

export function createReporting(service: string, server: string): Reporting {
  const none = (): Record<Outcome, number> => ({
    created: 0,
    updated: 0,
    unchanged: 0,
    filtered: 0,
    deleted: 0,
    failed: 0,
    unsent: 0
  })
  const counts = { collections: none(), endpoints: none() }
  const failures: Failure[] = []
  const warnings: string[] = []
  const sum = (outcome: Outcome): number => counts.collections[outcome] + counts.endpoints[outcome]
  const warn = (text: string): void => {
    if (warnings.length < WARNINGS_MAX) warnings.push(text)
  }
  let isWhole = true
  const isDone = (): boolean => failures.length === 0 && sum('unsent') === 0
  return {
    count(kind, outcome, number = 1) {
      counts[kind][outcome] += number
    },
    fail(kind, name, { code, message }) {
      if (kind === 'collection') counts.collections.failed++
      if (kind === 'endpoint') counts.endpoints.failed++
      failures.push({ kind, name, code, reason: message })
    },
    warn,
    leaveOut(text) {
      isWhole = false
      warn(text)
    },
    isComplete: () => isWhole && isDone(),
    result(serverVersion) {
      const done = sum('created') + sum('updated') + sum('unchanged') + sum('deleted')
      const state = isDone() ? 'success' : done > 0 ? 'partialSuccess' : 'failed'
      return { service, server, serverVersion, state, ...counts, failures, warnings }
    }
  }
}
