import type { Owner } from '../base/owner.ts'
import type { JsonValue } from '../base/json.ts'
import type { ConnectorError } from '../errors.ts'
import type { RequestPlan } from '../plan/types.ts'
import type { OnWait, Watch } from './watch.ts'

/** A usable answer: 2xx, with JSON or without a body, or the 303 of a write. */
export type Answer = {
  readonly status: number
  /** Lower-case names. */
  readonly headers: { readonly [name: string]: string }
  /** Undefined for an empty body. */
  readonly body: JsonValue | undefined
  /** The text of the body in UTF-8, where it is JSON and the caller is alone. */
  readonly source?: Uint8Array
  /** The objects that an example shows, whatever its body is; absent where an API answered. */
  readonly shown?: ShownObjects
  /** What makes problems of an answer with a body, without the credentials of its call. */
  readonly problems?: {
    /** The answer as a refusal, with the API's words. */
    refusal(words: string): ConnectorError
    /** Text that may repeat something of the answer, masked. */
    masked(text: string): string
  }
}

/** The objects of an example. */
export type ShownObjects = {
  /** Those that are read, or over which what is written is laid. */
  readonly objects: readonly JsonValue[]
  /** Of a save: the external ids that the document declares for new objects; null where it declares none. */
  readonly newIds: readonly (string | null)[]
  /** Of a save: the external ids of all objects that the examples of the type show, and the last one of them. */
  readonly ids: ReadonlySet<string>
  readonly lastId: string | null
  /** Of a save: the largest whole number that the schema of the id allows; null for any. */
  readonly largestId: bigint | null
}

/** For whom a call is made, and until when. */
export type ExchangeContext = {
  readonly owner: Owner
  readonly signal: AbortSignal
  /** How long the call may take (ms). */
  readonly timeLeftMs: number
  /**
   * The caller is a command, and nobody else is served meanwhile: its calls wait for their turn as long as that takes,
   * and answers keep the bytes that they were read from. Default: false.
   */
  readonly isAlone?: boolean | undefined
  /** Told of each wait of the call, before it begins. */
  readonly onWait?: OnWait | undefined
  /** Told of each request. Default: nobody. */
  readonly watch?: Watch | undefined
}

/**
 * Makes one call.
 *
 * @throws ConnectorError `UPSTREAM_*` without a usable answer, `API_ERROR` for the API's own 4xx or 5xx.
 */
export type Exchange = (plan: RequestPlan, context: ExchangeContext) => Promise<Answer>
