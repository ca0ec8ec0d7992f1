import type { Pointer } from '../base/json-pointer.ts'
import type { DiagnosticCode, Holes } from '../errors.ts'
import { diagnostics, fillHoles } from '../errors.ts'
import type { Diagnostic } from './types.ts'

/** The order in which findings are told: that of the text. */
export function compareFindings(
  a: Pick<Diagnostic, 'line' | 'column'>,
  b: Pick<Diagnostic, 'line' | 'column'>
): number {
  return (a.line ?? 0) - (b.line ?? 0) || (a.column ?? 0) - (b.column ?? 0)
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
