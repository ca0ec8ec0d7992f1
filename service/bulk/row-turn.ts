import type { JsonObject } from '../base/json.ts'
import type { Reject } from './reject-line.ts'
import type { RowState } from './row-ledger.ts'

/** A valid row of the input. */
export type WritableRow = {
  readonly line: number
  readonly row: JsonObject
  /** What an earlier run said of it, whose rejects are the input; null for any other row. */
  readonly earlier: Pick<Reject, 'outcome' | 'reason'> | null
}

/** What is to be done with a row. */
export type RowTurn =
  /** `call`: the request in which it was sent before; null for none. */
  | { readonly is: 'send'; readonly call: string | null }
  | { readonly is: 'saved' }
  /** `isNew`: the ledger does not say so yet. */
  | { readonly is: 'failed' | 'unknown'; readonly reason: string; readonly isNew: boolean }

/** How long APIs are sure to know an idempotency key (ms). */
const KEY_LIFE_MS = 24 * 60 * 60 * 1000

const CUT = 'the run ended before its answer came'

/** Whether a row is to be sent, by what the ledger and the input say of it. */
export function rowTurn(
  { earlier }: WritableRow,
  state: RowState,
  includesUnknown: boolean
): RowTurn {
  switch (state.is) {
    case 'saved':
      return { is: 'saved' }
    case 'failed':
    case 'unknown':
      return { is: state.is, reason: state.reason, isNew: false }
    case 'open': {
      const { call, repeats, at } = state.sent
      const isKnown = repeats === 'key' && Date.now() - at < KEY_LIFE_MS
      if (repeats === 'method' || isKnown) return { is: 'send', call }
      return { is: 'unknown', reason: CUT, isNew: true }
    }
    case 'new':
      if (earlier?.outcome !== 'unknown' || includesUnknown) return { is: 'send', call: null }
      return { is: 'unknown', reason: earlier.reason, isNew: true }
    default:
      return state satisfies never
  }
}
