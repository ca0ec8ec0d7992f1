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

/** Findings of one severity that are told at the most, and characters of all of them together. */
const TOLD_MAX = 1_000
const LENGTH_MAX = 1_000_000

/** Characters of a name from the document that a message shows. */
const SHOWN_MAX = 1_000

/**
 * Collects what is found while a document is compiled, each finding once. Of very many the first are
 * kept, and one more says how many there are besides.
 */
export type Report = {
  add(code: DiagnosticCode, at: Pointer, holes?: Holes): void
  readonly findings: readonly Finding[]
}

export function createReport(): Report {
  const findings = new Map<string, Finding>()
  const told = { error: 0, warning: 0, info: 0 }
  let length = 0
  let untold = 0
  return {
    add(code, at, holes = {}) {
      const { severity } = diagnostics[code]
      // What is said of the document as a whole is little, and never left out.
      if (at !== '' && (told[severity] >= TOLD_MAX || length > LENGTH_MAX)) {
        untold++
        return
      }
      const finding = findingOf(code, at, holes)
      const key = JSON.stringify([code, at, finding.message])
      if (findings.has(key)) return
      findings.set(key, finding)
      told[severity]++
      length += key.length
    },
    get findings() {
      const more = untold === 0 ? [] : [findingOf('FINDINGS_UNTOLD', '', { count: untold })]
      return [...findings.values(), ...more]
    }
  }
}

function findingOf(code: DiagnosticCode, at: Pointer, holes: Holes): Finding {
  const { severity, message, remedy } = diagnostics[code]
  const shown = Object.fromEntries(
    Object.entries(holes).map(([hole, value]) => [hole, shownValue(value)])
  )
  return {
    code,
    severity,
    message: fillHoles(message, shown),
    remedy: fillHoles(remedy, shown),
    pointer: at
  }
}

function shownValue(value: string | number): string | number {
  const isLong = typeof value === 'string' && value.length > SHOWN_MAX
  return isLong ? `${value.slice(0, SHOWN_MAX)}…` : value
}
