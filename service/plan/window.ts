import { ConnectorError } from '../errors.ts'
import type { OperationRecord, ParameterRecord } from '../model/types.ts'

/** Requests of one load with a limit at the most: the default of `maxPages` (x-flow 7). */
const PAGES_MAX = 100

/** What one request asks for; a null limit leaves the size to the API. */
export type WindowRequest = { readonly limit: number | null; readonly offset: number }

/** Bounds of a load that has no limit of its own. */
export type ScanBounds = {
  /** Objects that it gives at the most. */
  readonly scanMaxRecords: number
  /** Requests that it makes at the most. */
  readonly scanMaxPages: number
}

/** How far a window is served; plain data, made anew by each step. */
export type WindowState = {
  /** Objects that come before the window in what is received. */
  readonly front: number
  /** Objects of the window at the most. */
  readonly size: number
  /** The API takes an offset, so that there can be another page. */
  readonly takesOffset: boolean
  /** Position of the first object received. */
  readonly start: number
  /** Objects in one page at the most; null where the API decides. */
  readonly pageSize: number | null
  /** Requests that are still allowed, without the one that is under way. */
  readonly pagesLeft: number
  /** The limit that the last request had. */
  readonly asked: number | null
  readonly received: number
  /** Stopped before the API's objects were known to end. */
  readonly isCut: boolean
}

/** Where a window stands, and what to ask next; null when nothing is. */
export type WindowStep = { readonly state: WindowState; readonly request: WindowRequest | null }

/**
 * Starts to serve a flow's window over an API that takes `limit`, `offset`, both or neither (x-flow 7).
 *
 * - Both: one object more than the limit is asked for, in pages within the parameter's `maximum`.
 * - Only `limit`: everything up to one object past the window is asked for at once.
 * - Only `offset`: pages of the API's own size, from the window's start on.
 * - Neither: one request.
 *
 * A limit of 0 gives up to `scanMaxRecords` objects, in pages of the parameter's `maximum`, else of
 * its default, else of the API's own size.
 *
 * @throws ConnectorError `WINDOW_UNSUPPORTED` where only `limit` is mapped and the window does not
 *   fit in one answer.
 */
export function startWindow(
  operation: Pick<OperationRecord, 'type' | 'parameters'>,
  { limit, offset }: { readonly limit: number; readonly offset: number },
  { scanMaxRecords, scanMaxPages }: ScanBounds
): WindowStep {
  const limitParameter = mappedFrom(operation, 'limit')
  const takesOffset = mappedFrom(operation, 'offset') !== undefined
  const isBounded = limit > 0
  const size = isBounded ? limit : scanMaxRecords
  const front = takesOffset ? 0 : offset
  const pageSize = pageSizeOf(limitParameter, front + size + 1, front, isBounded)
  if (limitParameter !== undefined && !takesOffset) {
    const count = isBounded ? front + size + 1 : front + 1
    if (pageSize !== null && pageSize < count) {
      throw new ConnectorError('WINDOW_UNSUPPORTED', {
        type: operation.type,
        count,
        maximum: pageSize
      })
    }
  }
  const pages = takesOffset ? (isBounded ? PAGES_MAX : scanMaxPages) : 1
  return ask({
    front,
    size,
    takesOffset,
    start: takesOffset ? offset : 0,
    pageSize,
    pagesLeft: pages,
    asked: null,
    received: 0,
    isCut: false
  })
}

/** Takes in how many objects the last request gave; asks on while the window is not full. */
export function nextWindow(state: WindowState, received: number): WindowStep {
  const total = state.received + received
  const next = { ...state, received: total }
  const isFull = total > state.front + state.size
  // Without a size of page only an empty one is known to be the last.
  const isLast = state.asked === null ? received === 0 : received < state.asked
  if (isFull || isLast) return { state: next, request: null }
  if (state.pagesLeft > 0) return ask(next)
  // What the only answer holds is everything, unless it is as large as was asked for.
  return { state: { ...next, isCut: state.takesOffset || state.asked !== null }, request: null }
}

/** The objects of the window, out of all that were received, and whether more follow. */
export function windowResult<T>(
  { front, size, isCut }: WindowState,
  objects: readonly T[]
): { readonly objects: readonly T[]; readonly hasMoreResults: boolean } {
  const end = front + size
  return { objects: objects.slice(front, end), hasMoreResults: isCut || objects.length > end }
}

function ask(state: WindowState): WindowStep {
  const missing = state.front + state.size + 1 - state.received
  const limit = state.pageSize === null ? null : Math.min(state.pageSize, missing)
  return {
    state: { ...state, asked: limit, pagesLeft: state.pagesLeft - 1 },
    request: { limit, offset: state.start + state.received }
  }
}

/** Objects to ask for in one page; null leaves that to the API. */
function pageSizeOf(
  parameter: ParameterRecord | undefined,
  wanted: number,
  front: number,
  isBounded: boolean
): number | null {
  if (parameter === undefined) return null
  const { maximum, fallback } = parameter
  if (maximum !== null && maximum >= 1) return Math.min(Math.floor(maximum), wanted)
  if (isBounded) return wanted
  const usual = typeof fallback === 'number' && fallback >= 1 ? Math.floor(fallback) : null
  return usual === null ? null : Math.min(front + usual, wanted)
}

function mappedFrom(
  { parameters }: Pick<OperationRecord, 'parameters'>,
  word: 'limit' | 'offset'
): ParameterRecord | undefined {
  return parameters.find(({ sources }) => sources.some(({ from }) => from === word))
}
