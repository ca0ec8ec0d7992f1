import type { Pointer } from '../base/json-pointer.ts'
import type { Diagnostic, UnlocatedDiagnostic } from '../model/diagnostic.ts'
import { findPositions } from '../parse/find-positions.ts'
import { splitLocation } from '../parse/links.ts'
import type { ParsedDocument } from '../parse/parse-document.ts'
import { inOrder } from './report.ts'

/** Where a pointer leads: its document, its pointer there, and its line and column in the text. */
export type Position = Pick<Diagnostic, 'file' | 'pointer' | 'line' | 'column'>

/** Adds to each diagnostic its position, and sorts them. */
export function locateDiagnostics(
  diagnostics: readonly UnlocatedDiagnostic[],
  document: ParsedDocument
): Diagnostic[] {
  return inOrder(locate(diagnostics, document), document.url)
}

/** Adds to each item the position of its pointer. Items of one document stay in their order. */
export function locate<T extends { readonly pointer: Pointer }>(
  items: readonly T[],
  document: ParsedDocument
): (T & Position)[] {
  const byName = Map.groupBy(items, ({ pointer }) => splitLocation(pointer).name)
  const texts = [{ name: '', url: document.url, text: document.text }, ...document.links.parts]
  return texts.flatMap(({ name, url, text }) => {
    const own = (byName.get(name) ?? []).map(item => {
      return { ...item, pointer: splitLocation(item.pointer).pointer, file: url }
    })
    const positions = findPositions(
      text,
      own.map(({ pointer }) => pointer)
    )
    return own.map(item => {
      const { line, column } = positions.get(item.pointer) ?? { line: null, column: null }
      return { ...item, line, column }
    })
  })
}
