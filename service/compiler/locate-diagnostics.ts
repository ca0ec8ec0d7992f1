import type { Diagnostic, UnlocatedDiagnostic } from '../model/diagnostic.ts'
import { findPlaces } from '../parse/find-places.ts'
import type { ParsedDocument } from '../parse/parse-document.ts'
import { inOrder } from './report.ts'

/** Adds to each diagnostic its document, its pointer there, and its line and column, and sorts them. */
export function locateDiagnostics(
  diagnostics: readonly UnlocatedDiagnostic[],
  document: ParsedDocument
): Diagnostic[] {
  const { url, links, origin } = document
  const pointers = diagnostics.map(({ pointer }) => pointer)
  const places = findPlaces(document, pointers)
  const nowhere = { file: url, line: null, column: null }
  const located = diagnostics.map(diagnostic => {
    return { ...diagnostic, ...(places.get(diagnostic.pointer) ?? nowhere) }
  })
  const files = [url, ...[...links.parts, ...origin.overlays].map(text => text.url)]
  const byFile = Map.groupBy(located, ({ file }) => file)
  return inOrder(
    [...new Set(files)].flatMap(file => byFile.get(file) ?? []),
    url
  )
}
