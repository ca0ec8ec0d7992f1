import type { DiagnosticCode, DiagnosticHoles, Holes } from '../errors.ts'
import { DIAGNOSTICS } from '../diagnostics.ts'
import { fillHoles, shownHoles } from '../errors.ts'
import type { Pointer } from '../base/json-pointer.ts'

/** A diagnostic of a document (docs/x-flow.md#diagnostics). Line and column count from 1. */
export type Diagnostic = {
  readonly code: string
  readonly severity: 'error' | 'warning' | 'info'
  readonly message: string
  readonly remedy: string
  readonly pointer: Pointer
  readonly line: number | null
  readonly column: number | null
  readonly file: string
}

/** A diagnostic without its position in the text. */
export type UnlocatedDiagnostic = Omit<Diagnostic, 'line' | 'column' | 'file'>

/** Most characters that a message shows of a name from the document. */
const SHOWN_MAX = 1_000

/** A diagnostic of the catalogue with its texts filled in. */
export function unlocatedDiagnostic(
  code: DiagnosticCode,
  pointer: Pointer,
  holes: Holes
): UnlocatedDiagnostic {
  const { severity, message, remedy, see } = DIAGNOSTICS[code]
  const shown = shownHoles(holes, SHOWN_MAX)
  const texts = {
    message: fillHoles(message, shown),
    remedy: fillHoles(withLink(remedy, see), shown)
  }
  return { code, severity, ...texts, pointer }
}

/** A remedy that ends with the heading to read, unless it names it already. */
function withLink(remedy: string, see: string): string {
  return remedy.includes(see) ? remedy : `${remedy} See docs/${see}.`
}

/** A diagnostic of a document as a whole. */
export function documentDiagnostic<Code extends DiagnosticCode>(
  code: Code,
  holes: DiagnosticHoles<Code>,
  file: string
): Diagnostic {
  return { ...unlocatedDiagnostic(code, '', holes), line: null, column: null, file }
}
