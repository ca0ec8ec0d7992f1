import type { Pointer } from '../base/json-pointer.ts'
import type { JsonValue } from '../base/json.ts'
import type { ProblemCode } from '../errors.ts'

/** A document that another one refers to (docs/x-flow.md#references-to-other-documents). */
export type DocumentPart = {
  /** Unique prefix of locations in the part: `name#/pointer`. It never begins with a slash. */
  readonly name: string
  /** For diagnostics: its URL without query, or its path. */
  readonly url: string
  readonly text: string
  readonly root: JsonValue
}

/** Why a reference to another document is refused. A limit applies to all references together. */
export type ReferenceRefusal =
  | { readonly code: 'REF_NOT_ALLOWED' }
  | { readonly code: 'REF_UNREADABLE'; readonly reason: string; readonly problem: ProblemCode }
  | { readonly code: 'REF_LIMIT'; readonly limit: string; readonly isTimeout: boolean }

/** What a URL refers to: 0 for the root document, the number of a part from 1, or a refusal. */
export type UrlTarget = number | ReferenceRefusal

/** The same for references; a refusal comes with the location of the first one. */
export type ReferenceTarget = number | (ReferenceRefusal & { readonly at: Pointer })

/** Maximum number of parts of a document. */
export const PARTS_MAX = 50

export type LimitRefusal = Extract<ReferenceRefusal, { code: 'REF_LIMIT' }>

/** @param isTimeout Whether another attempt may succeed. */
export function partLimit(limit: string, isTimeout = false): LimitRefusal {
  return { code: 'REF_LIMIT', limit, isTimeout }
}

export const TOO_MANY_PARTS: LimitRefusal = partLimit(`at most ${PARTS_MAX} of them are read`)

/** The parts of a document and the targets of its references. */
export type Links = {
  readonly parts: readonly DocumentPart[]
  /** For the root document, then for each part: targets by the reference's text before `#`. */
  readonly targets: readonly ReadonlyMap<string, ReferenceTarget>[]
}

/** Links of a document without external references. */
export const NO_LINKS: Links = { parts: [], targets: [] }

/** Splits a location into the name of its part, blank for the root document, and the pointer in it. */
export function splitLocation(at: Pointer): { readonly name: string; readonly pointer: Pointer } {
  if (at === '' || at.startsWith('/')) return { name: '', pointer: at }
  const mark = at.indexOf('#')
  return { name: at.slice(0, mark), pointer: at.slice(mark + 1) }
}

/** A location as a reference from the root document: `#/a`, or `name#/a` in a part. */
export function locationText(at: Pointer): string {
  return splitLocation(at).name === '' ? `#${at}` : at
}
