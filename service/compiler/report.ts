import type { Pointer } from '../base/json-pointer.ts'
import type { DiagnosticCode, DiagnosticHoles, Filling } from '../errors.ts'
import { DIAGNOSTICS } from '../diagnostics.ts'
import type { Diagnostic, UnlocatedDiagnostic } from '../model/diagnostic.ts'
import { unlocatedDiagnostic } from '../model/diagnostic.ts'
import type { DocumentNote } from '../parse/document-origin.ts'

/**
 * Sorts diagnostics: those of the document itself by line and column, then those of each other document.
 *
 * @param file The document itself.
 */
export function inOrder(found: readonly Diagnostic[], file: string): Diagnostic[] {
  const files = [file, ...found.map(diagnostic => diagnostic.file)]
  const rank = new Map(files.toReversed().map((name, index) => [name, files.length - index]))
  return found.toSorted(
    (a, b) =>
      (rank.get(a.file) ?? 0) - (rank.get(b.file) ?? 0) ||
      (a.line ?? 0) - (b.line ?? 0) ||
      (a.column ?? 0) - (b.column ?? 0)
  )
}

/** Most diagnostics of one severity, and most characters of all together. */
const COUNT_MAX = 1_000
const LENGTH_MAX = 1_000_000

/**
 * Collects the diagnostics of a document, each once. Of very many the first are kept, and one more counts
 * the others.
 */
export type Report = {
  add<Code extends DiagnosticCode>(
    code: Code,
    at: Pointer,
    ...filling: Filling<DiagnosticHoles<Code>>
  ): void
  /** Adds what was noted before the document was compiled. */
  addNote(note: DocumentNote): void
  readonly diagnostics: readonly UnlocatedDiagnostic[]
}

export function createReport(): Report {
  const diagnostics = new Map<string, UnlocatedDiagnostic>()
  const counts = { error: 0, warning: 0, info: 0 }
  let length = 0
  let omitted = 0
  const addNote: Report['addNote'] = ({ code, at, holes }) => {
    const { severity } = DIAGNOSTICS[code]
    // Diagnostics of the document as a whole are few, and never left out.
    if (at !== '' && (counts[severity] >= COUNT_MAX || length > LENGTH_MAX)) {
      omitted++
      return
    }
    const diagnostic = unlocatedDiagnostic(code, at, holes)
    const key = JSON.stringify([code, at, diagnostic.message])
    if (diagnostics.has(key)) return
    diagnostics.set(key, diagnostic)
    counts[severity]++
    length += key.length
  }
  return {
    add: (code, at, ...[holes = {}]) => addNote({ code, at, holes }),
    addNote,
    get diagnostics() {
      const more =
        omitted === 0 ? [] : [unlocatedDiagnostic('FINDINGS_UNTOLD', '', { count: omitted })]
      return [...diagnostics.values(), ...more]
    }
  }
}
