import type { Pointer } from '../base/json-pointer.ts'
import type { DiagnosticCode, DiagnosticHoles, Filling, Holes } from '../errors.ts'

/** An overlay that was applied to a document. */
export type OverlayText = {
  /** Unique prefix of locations in it: `name#/pointer`. It never begins with a slash. */
  readonly name: string
  /** For diagnostics: its URL without query, its path, or the configuration value that has it. */
  readonly url: string
  readonly text: string
}

/** Something to say about a document before it is compiled. */
export type DocumentNote = {
  readonly code: DiagnosticCode
  /** A location in the document, or in the text of an overlay. */
  readonly at: Pointer
  readonly holes: Holes
}

/** Where the values of a document come from: its own text, or an overlay. */
export type DocumentOrigin = {
  readonly overlays: readonly OverlayText[]
  /** The location in the hosted text, or `name#/pointer` in that of an overlay, of the value at a pointer. */
  readonly originOf: (at: Pointer) => Pointer
  readonly notes: readonly DocumentNote[]
  /** Where members of the hosted root are now, as JSONPaths. */
  readonly moved: { readonly [member: string]: string }
}

/** The origin of a document that is as it was hosted. */
export const AS_HOSTED: DocumentOrigin = { overlays: [], originOf: at => at, notes: [], moved: {} }

export function documentNote<Code extends DiagnosticCode>(
  code: Code,
  at: Pointer,
  ...filling: Filling<DiagnosticHoles<Code>>
): DocumentNote {
  const [holes = {}] = filling
  return { code, at, holes }
}
