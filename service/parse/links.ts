import type { Pointer } from '../base/json-pointer.ts'
import type { JsonValue } from '../base/json.ts'
import type { ProblemCode } from '../errors.ts'

/** A document that another one refers to, in whole or by a fragment (feature A18). */
export type DocumentPart = {
  /**
   * Stands in front of the places in it, `name#/pointer`. No other part has it, and it never begins
   * with a slash as the pointers of the document itself do, so that no place is in two documents.
   */
  readonly name: string
  /** As diagnostics name it: its URL without query, or its path. */
  readonly url: string
  readonly text: string
  readonly root: JsonValue
}

/** Why a reference to another document leads nowhere. A limit is said of all references at once. */
export type ReferenceRefusal =
  | { readonly code: 'REF_NOT_ALLOWED' }
  | { readonly code: 'REF_UNREADABLE'; readonly reason: string; readonly problem: ProblemCode }
  | { readonly code: 'REF_LIMIT'; readonly limit: string; readonly isTimeout: boolean }

/** What a URL leads to: 0 the document itself, else a part by its number from 1; or why nowhere. */
export type UrlTarget = number | ReferenceRefusal

/** What references lead to, fragments aside; of those that lead nowhere also the place of the first. */
export type ReferenceTarget = number | (ReferenceRefusal & { readonly at: Pointer })

/** Documents that one document is made of besides itself, at the most. */
export const PARTS_MAX = 50

export type LimitRefusal = Extract<ReferenceRefusal, { code: 'REF_LIMIT' }>

/** @param isTimeout Whether another try may end otherwise. */
export function partLimit(limit: string, isTimeout = false): LimitRefusal {
  return { code: 'REF_LIMIT', limit, isTimeout }
}

export const TOO_MANY_PARTS: LimitRefusal = partLimit(`at most ${PARTS_MAX} of them are read`)

/** The parts of a document, and which of its references lead to which. */
export type Links = {
  readonly parts: readonly DocumentPart[]
  /** Of the document itself, then of each part: targets by what references say in front of `#`. */
  readonly targets: readonly ReadonlyMap<string, ReferenceTarget>[]
}

/** The links of a document that refers to no other. */
export const NO_LINKS: Links = { parts: [], targets: [] }

/** Splits a place into the name of its part, blank for the document itself, and the pointer there. */
export function splitLocation(at: Pointer): { readonly name: string; readonly pointer: Pointer } {
  if (at === '' || at.startsWith('/')) return { name: '', pointer: at }
  const mark = at.indexOf('#')
  return { name: at.slice(0, mark), pointer: at.slice(mark + 1) }
}

/** A place as a reference from the document itself would name it: `#/a`, or `name#/a` in a part. */
export function locationText(at: Pointer): string {
  return splitLocation(at).name === '' ? `#${at}` : at
}
