/** Where something stands in one of the texts of a document. Line and column count from 1. */
export type TextPlace = {
  readonly file: string
  readonly line: number | null
  readonly column: number | null
}

/** The texts of a document, and where its types and mappings stand in them. */
export type DocumentTexts = {
  /** The document itself first, then its overlays and its parts; `file` as in diagnostics. */
  readonly texts: readonly { readonly file: string; readonly text: string }[]
  readonly types: readonly (TextPlace & { readonly name: string })[]
  readonly mappings: readonly (TextPlace & { readonly key: string })[]
  /** What keeps the first text from being used; null for nothing. */
  readonly problem:
    | (TextPlace & { readonly code: string; readonly message: string; readonly remedy: string })
    | null
}
