import type { JsonValue } from '../base/json.ts'
import type { RequestPlan } from '../plan/types.ts'

/** An API's answer, read: a declared 2xx with JSON, or none where the answer has no body. */
export type Answer = {
  readonly status: number
  /** Lower-case names. */
  readonly headers: { readonly [name: string]: string }
  /** Undefined for an empty body. */
  readonly body: JsonValue | undefined
}

/** For whom a plan is carried out, and until when. */
export type ExchangeContext = {
  /** Design 1: the tenant's name. */
  readonly tenant: string
  readonly signal: AbortSignal
  /** Milliseconds until the signal is aborted at the latest, as the call begins. */
  readonly timeLeftMs: number
}

/**
 * Carries out a plan: over the network, or from the document's examples. No later stage can tell
 * which it was.
 *
 * @throws ConnectorError `UPSTREAM_*` when no answer came, `API_ERROR` for the API's own 4xx or 5xx.
 */
export type Exchange = (plan: RequestPlan, context: ExchangeContext) => Promise<Answer>
