import type { Diagnostic } from '../../model/diagnostic.ts'
import { shownPlace } from '../diagnostic-line.ts'
import type { Paint } from '../paint.ts'
import { shownText } from '../shown-text.ts'
import type { SourceExcerpt } from './source-lines.ts'

const COLORS = { error: 'red', warning: 'yellow', info: 'cyan' } as const

/**
 * Writes a diagnostic as compilers do: `file:line:col severity CODE message`, the line in question with a caret
 * below what is meant, and the remedy.
 *
 * @param excerpt Undefined where the text is not known.
 */
export function renderDiagnostic(
  diagnostic: Diagnostic,
  excerpt: SourceExcerpt | undefined,
  paint: Paint
): string[] {
  const { line, severity, code, message, remedy } = diagnostic
  const kind = paint(COLORS[severity], `${severity} ${code}`)
  const head = `${paint('bold', shownPlace(diagnostic))} ${kind} ${shownText(message)}`
  return [head, ...renderExcerpt(line, excerpt, paint), `    ${shownText(remedy)}`]
}

function renderExcerpt(
  line: number | null,
  excerpt: SourceExcerpt | undefined,
  paint: Paint
): string[] {
  if (line === null || excerpt === undefined || excerpt.text === '') return []
  const margin = ' '.repeat(String(line).length)
  return [
    `    ${paint('dim', `${line} |`)} ${excerpt.text}`,
    `    ${paint('dim', `${margin} |`)} ${' '.repeat(excerpt.caret)}${paint('green', '^')}`
  ]
}
