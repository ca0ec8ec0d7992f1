import type { Diagnostic, UnlocatedDiagnostic } from '../model/diagnostic.ts'
import { findPositions } from '../parse/find-positions.ts'
import { splitLocation } from '../parse/links.ts'
import type { ParsedDocument } from '../parse/parse-document.ts'
import { inOrder } from './report.ts'

/** Adds to each diagnostic its document, its pointer there, and its line and column; in their order. */
export function locateDiagnostics(
  diagnostics: readonly UnlocatedDiagnostic[],
  document: ParsedDocument
): Diagnostic[] {
  const byName = Map.groupBy(diagnostics, ({ pointer }) => splitLocation(pointer).name)
  const texts = [{ name: '', url: document.url, text: document.text }, ...document.links.parts]
  const located = texts.flatMap(({ name, url, text }) => {
    const own = (byName.get(name) ?? []).map(diagnostic => {
      return { ...diagnostic, pointer: splitLocation(diagnostic.pointer).pointer, file: url }
    })
    const pointers = own.map(({ pointer }) => pointer)
    const positions = findPositions(text, pointers)
    return own.map(diagnostic => {
      const { line, column } = positions.get(diagnostic.pointer) ?? { line: null, column: null }
      return { ...diagnostic, line, column }
    })
  })
  return inOrder(located, document.url)
}
