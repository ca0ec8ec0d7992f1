import type { Pointer } from '../base/json-pointer.ts'
import type { DiagnosticCode, Holes } from '../errors.ts'
import { diagnostics, fillHoles } from '../errors.ts'
import type { Diagnostic } from './types.ts'

/**
 * Findings in the order in which they are told: those of the document itself by its text, then those of
 * each other document in the same way.
 *
 * @param file The document itself.
 */
export function inOrder(found: readonly Diagnostic[], file: string): Diagnostic[] {
  const files = [file, ...found.map(finding => finding.file)]
  const rank = new Map(files.toReversed().map((name, index) => [name, files.length - index]))
  return found.toSorted(
    (a, b) =>
      (rank.get(a.file) ?? 0) - (rank.get(b.file) ?? 0) ||
      (a.line ?? 0) - (b.line ?? 0) ||
      (a.column ?? 0) - (b.column ?? 0)
  )
}

/** A diagnostic before its line and column are looked up. */
export type Finding = Omit<Diagnostic, 'line' | 'column' | 'file'>

/** Collects what is found while a document is compiled, each finding once. */
export type Report = {
  add(code: DiagnosticCode, at: Pointer, holes?: Holes): void
  readonly findings: readonly Finding[]
}

export function createReport(): Report {
  const findings = new Map<string, Finding>()
  return {
    add(code, at, holes = {}) {
      const entry = diagnostics[code]
      const message = fillHoles(entry.message, holes)
      const finding = {
        code,
        severity: entry.severity,
        message,
        remedy: fillHoles(entry.remedy, holes),
        pointer: at
      }
      findings.set(JSON.stringify([code, at, message]), finding)
    },
    get findings() {
      return [...findings.values()]
    }
  }
}
