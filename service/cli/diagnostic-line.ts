import type { Diagnostic } from '../model/diagnostic.ts'
import { shownText } from './shown-text.ts'

/** A diagnostic in one line: `file:line:column severity CODE message`. */
export function diagnosticLine(diagnostic: Diagnostic): string {
  const { severity, code, message } = diagnostic
  return `${shownPlace(diagnostic)} ${severity} ${code} ${shownText(message)}`
}

/** A place in a text, as compilers write it. */
export function shownPlace({
  file,
  line,
  column
}: Pick<Diagnostic, 'file' | 'line' | 'column'>): string {
  return shownText(`${file}:${line ?? 1}:${column ?? 1}`)
}
