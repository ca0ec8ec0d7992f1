import type { PagingRecord } from '../../model/endpoint-record.ts'
import type { Verdict } from './judge-more.ts'
import type { PagePosition } from './page-position.ts'

/** The page that a request asks for. */
export type PageRequest = {
  /** Values of parameters by name; a name that begins with `body.` is a dotted path in the body. */
  readonly values: { readonly [name: string]: string | number }
  /** A next link, called as it is; null for the operation's own address. */
  readonly url: string | null
}

/** The beginning of the next window: a page, how many of its objects to skip, and the list's offset. */
export type PageResume = {
  readonly position: PagePosition
  readonly skip: number
  readonly offset: number
  /** The number of the list's first page, where answers corrected it. */
  readonly firstPage?: number
}

/** The window that a flow asks for; a limit of 0 is all. */
export type FlowWindow = { readonly limit: number; readonly offset: number }

/** Which objects of a page were taken into the list. */
export type TakenPage = {
  /** Indexes of those that had come before, and were dropped. */
  readonly dropped: readonly number[]
  /** The page has objects with ids, and none of them came before. */
  readonly isNew: boolean
  /** The page has objects with ids, and all of them came before. */
  readonly isKnown: boolean
  /** It begins with the object with which the first page begins. */
  readonly isFromStart: boolean
  /** It equals the page before it. */
  readonly isSame: boolean
}

/** The progress of a window; immutable, made anew by each step. */
export type WindowState = {
  readonly paging: PagingRecord
  readonly typeName: string
  readonly isBounded: boolean
  /** Most objects of the window. */
  readonly size: number
  /** Received objects before the window. */
  readonly front: number
  /** Position in the list of the first object received. */
  readonly start: number
  readonly received: number
  /** The first page that was requested, and the latest ones. */
  readonly pages: readonly RequestedPage[]
  /** Pages that were requested. */
  readonly pageCount: number
  /** Where one of the pages before the latest ones began, by which a long circle of pages is known. */
  readonly mark: PagePosition | null
  /** Size that the last request asked for; null where the API decides. */
  readonly asked: number | null
  /** Objects in the largest page. */
  readonly largest: number
  /** Objects at the start of the requested page that came before, as the whole front is requested again. */
  readonly overlap: number
  /** Positions and objects have given part: the flow's offset does not say where the next window begins. */
  readonly isParted: boolean
  /** The number of the first page was corrected by an answer. */
  readonly isCorrected: boolean
  /** The answers count one page more than those that came, so that it cannot be empty. */
  readonly isPageShort: boolean
  /** What the last page says of the rest. */
  readonly verdict: Verdict
  /** The page after the last one; null for none, or an unknown one. */
  readonly next: PagePosition | null
  /** The list is known to have no further page. */
  readonly ended: boolean
}

/** A requested page. */
export type RequestedPage = {
  readonly position: PagePosition
  /** Objects received before it. */
  readonly before: number
  /** Indexes of its objects that were dropped. */
  readonly dropped: readonly number[]
  /** The page after it may begin with objects of this one, as it is not known how far it reaches. */
  readonly mayOverlap: boolean
}

/** The progress of a window, and the next request; null for none. */
export type WindowStep = {
  readonly state: WindowState
  readonly request: PageRequest | null
  /** The state before the request, where there is one after a page that counts. */
  readonly before?: WindowState
  /** The answer was not that of the page, and none of its objects counts. */
  readonly isRefused?: true
}
