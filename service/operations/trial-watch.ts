import type { ShownCall, Watch, WatchedPage } from '../exchange/watch.ts'
import type { TimedPart, Timing } from './types.ts'

/** Most calls that are shown, and most characters of their bodies, by which further calls are left out. */
const CALLS_MAX = 50
const BODIES_MAX_LENGTH = 1024 * 1024

/** Most parts that are timed: a call that is shown has three at most, and waits may be many. */
const TIMINGS_MAX = 200

/** Most pages that are told of. A load of a flow reads no more, unless the document says so. */
const PAGES_MAX = 100

/** A watch that keeps what it saw. */
export type TrialWatch = Watch & {
  seen(): {
    readonly calls: readonly ShownCall[]
    readonly callsLeftOut: number
    readonly pages: readonly WatchedPage[]
    readonly timings: readonly Timing[]
  }
}

/**
 * Creates a watch for a request whose document is open now.
 *
 * @param start When the request began, by `performance.now()`.
 */
export function createTrialWatch(secrets: readonly string[], start: number): TrialWatch {
  const calls: ShownCall[] = []
  const pages: WatchedPage[] = []
  const timings: Timing[] = []
  let callsLeftOut = 0
  let bodiesLength = 0
  /** The end of what is timed so far. */
  let last = start
  let isPlanned = false
  const timed = (part: TimedPart, call: number | null, from: number, to: number): void => {
    const isShown = to > from && timings.length < TIMINGS_MAX
    if (isShown) timings.push({ part, call, start: from - start, duration: to - from })
    last = Math.max(last, to)
  }
  const planned = (until: number): void => {
    if (!isPlanned) timed('plan', null, last, until)
    isPlanned = true
  }
  timed('document', null, start, performance.now())
  return {
    secrets,
    called({ start: from, head, end }, show) {
      planned(from)
      if (calls.length === CALLS_MAX || bodiesLength > BODIES_MAX_LENGTH) {
        callsLeftOut++
        last = end
        return
      }
      const call = calls.length
      timed('send', call, from, head ?? end)
      if (head !== null) timed('read', call, head, end)
      const shown = show()
      bodiesLength += (shown.request.body?.length ?? 0) + (shown.answer?.body?.length ?? 0)
      calls.push(shown)
    },
    waited(milliseconds) {
      const from = performance.now()
      planned(from)
      timed('wait', calls.length, from, from + milliseconds)
    },
    paged(page) {
      if (pages.length < PAGES_MAX) pages.push(page)
    },
    seen() {
      timed(isPlanned ? 'decode' : 'plan', null, last, performance.now())
      return { calls, callsLeftOut, pages, timings }
    }
  }
}
