import type { DiagnosticCode, Holes } from '../errors.ts'
import { diagnostics, fillHoles } from '../errors.ts'
import type { Diagnostic } from './types.ts'

/** A finding about a document as a whole, from its catalogue entry. */
export function wholeFinding(code: DiagnosticCode, holes: Holes, file: string): Diagnostic {
  const { severity, message, remedy } = diagnostics[code]
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
