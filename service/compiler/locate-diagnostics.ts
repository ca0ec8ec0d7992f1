import type { Pointer } from '../base/json-pointer.ts'
import type { Diagnostic, UnlocatedDiagnostic } from '../model/diagnostic.ts'
import { findPlaces } from '../parse/find-places.ts'
import type { ParsedDocument } from '../parse/parse-document.ts'
import { inOrder } from './report.ts'

/** Where a pointer leads: its document, its pointer there, and its line and column in the text. */
export type Position = Pick<Diagnostic, 'file' | 'pointer' | 'line' | 'column'>

/** Adds to each diagnostic its position, and sorts them. */
export function locateDiagnostics(
  diagnostics: readonly UnlocatedDiagnostic[],
  document: ParsedDocument
): Diagnostic[] {
  const { url, links, origin } = document
  const files = [url, ...[...links.parts, ...origin.overlays].map(text => text.url)]
  const byFile = Map.groupBy(locate(diagnostics, document), ({ file }) => file)
  return inOrder(
    [...new Set(files)].flatMap(file => byFile.get(file) ?? []),
    url
  )
}

/** Adds to each item the position of its pointer. */
export function locate<T extends { readonly pointer: Pointer }>(
  items: readonly T[],
  document: ParsedDocument
): (T & Position)[] {
  const places = findPlaces(
    document,
    items.map(({ pointer }) => pointer)
  )
  const nowhere = { file: document.url, line: null, column: null }
  return items.map(item => ({ ...item, ...(places.get(item.pointer) ?? nowhere) }))
}
