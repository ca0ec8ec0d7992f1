import type { Owner } from '../base/owner.ts'
import type { JsonValue } from '../base/json.ts'
import type { ConnectorError } from '../errors.ts'
import type { RequestPlan } from '../plan/types.ts'

/** A usable answer: 2xx, with JSON or without a body, or the 303 of a write. */
export type Answer = {
  readonly status: number
  /** Lower-case names. */
  readonly headers: { readonly [name: string]: string }
  /** Undefined for an empty body. */
  readonly body: JsonValue | undefined
  /** What makes problems of an answer with a body, without the credentials of its call. */
  readonly problems?: {
    /** The answer as a refusal, with the API's words. */
    refusal(words: string): ConnectorError
    /** Text that may repeat something of the answer, masked. */
    masked(text: string): string
  }
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
