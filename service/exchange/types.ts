import type { Owner } from '../base/owner.ts'
import type { JsonValue } from '../base/json.ts'
import type { RequestPlan } from '../plan/types.ts'

/** A usable answer: 2xx, with JSON or without a body. */
export type Answer = {
  readonly status: number
  /** Lower-case names. */
  readonly headers: { readonly [name: string]: string }
  /** Undefined for an empty body. */
  readonly body: JsonValue | undefined
}

/** For whom a call is made, and until when. */
export type ExchangeContext = {
  readonly owner: Owner
  readonly signal: AbortSignal
  /** How long the call may take (ms). */
  readonly timeLeftMs: number
}

/**
 * Makes one call.
 *
 * @throws ConnectorError `UPSTREAM_*` without a usable answer, `API_ERROR` for the API's own 4xx or 5xx.
 */
export type Exchange = (plan: RequestPlan, context: ExchangeContext) => Promise<Answer>
