import type { DiagnosticCode, DiagnosticHoles } from '../errors.ts'
import { DIAGNOSTICS, fillHoles } from '../errors.ts'
import type { Pointer } from '../base/json-pointer.ts'

export type Severity = 'error' | 'warning' | 'info'

/** A diagnostic of a document (docs/x-flow.md#diagnostics). Line and column count from 1. */
export type Diagnostic = {
  readonly code: string
  readonly severity: Severity
  readonly message: string
  readonly remedy: string
  readonly pointer: Pointer
  readonly line: number | null
  readonly column: number | null
  readonly file: string
}

/** A diagnostic of a document as a whole. */
export function documentDiagnostic<Code extends DiagnosticCode>(
  code: Code,
  holes: DiagnosticHoles<Code>,
  file: string
): Diagnostic {
  const { severity, message, remedy } = DIAGNOSTICS[code]
  return {
    code,
    severity,
    message: fillHoles(message, holes),
    remedy: fillHoles(remedy, holes),
    pointer: '',
    line: null,
    column: null,
    file
  }
}
