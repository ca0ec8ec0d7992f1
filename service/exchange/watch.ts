import type { ShownRequest } from './shown-request.ts'

/** Why a call waits: for its turn, or to be repeated. */
export type WaitReason = 'rate limit' | 'repeat'

/** Takes how long a call waits (ms), and why. */
export type OnWait = (milliseconds: number, reason: WaitReason) => void

/** An answer as a person may see it. */
export type ShownAnswer = {
  readonly status: number
  /** Lower-case names. */
  readonly headers: { readonly [name: string]: string }
  /** The first 64 K characters; null for an empty body. */
  readonly body: string | null
  /** The body goes on. */
  readonly isCut: boolean
}

/** A call as a person may see it. */
export type ShownCall = {
  readonly answeredBy: 'api' | 'example'
  readonly request: ShownRequest
  /** Null for none. */
  readonly answer: ShownAnswer | null
  /** Why there is no answer; null for one. */
  readonly failure: string | null
}

/** When a call was made, by `performance.now()` (ms). */
export type CallTimes = {
  readonly start: number
  /** When the head of the answer arrived; null for none, and for that of an example. */
  readonly head: number | null
  readonly end: number
}

/** Told of what a flow request does, for a person who looks at it. */
export type Watch = {
  /** Masked in each call, besides its own secrets. */
  readonly secrets: readonly string[]
  /**
   * Told of each request to an API, repeats and redirects among them, and of each call that an example answers.
   *
   * @param show Makes what is seen of the call, at once.
   */
  called(times: CallTimes, show: () => ShownCall): void
  readonly waited: OnWait
  paged(page: WatchedPage): void
}

/** A page of a list that was read. */
export type WatchedPage = {
  readonly records: number
  /** Records that had come before, and were left out. */
  readonly repeated: number
  /** Records of the whole list, as the answer says; null where it does not. */
  readonly total: number | null
  /** No page follows that is read. */
  readonly isLast: boolean
}
