import type { LocatedRule } from '../parse/check-rules.ts'
import { checkRules } from '../parse/check-rules.ts'
import { inOrder } from '../compiler/report.ts'
import type { Diagnostic } from '../model/diagnostic.ts'
import { documentDiagnostic } from '../model/diagnostic.ts'
import type { Settings } from '../settings.ts'
import { countDiagnostics } from './count-diagnostics.ts'
import { readDocument } from './read-document.ts'
import type { ExitCode, Terminal } from './terminal.ts'

export type CheckOptions = {
  /** Warnings count as errors. */
  readonly strict: boolean
  /** Writes JSON instead of lines. */
  readonly json: boolean
}

/**
 * `openapi-flow check DOC`: every diagnostic like a compiler's, `file:line:col severity CODE message`,
 * those of the vocabulary and those of the OpenAPI rules.
 *
 * @returns 0 without errors, 1 with errors.
 */
export async function check(
  given: string,
  options: CheckOptions,
  settings: Settings,
  terminal: Terminal
): Promise<ExitCode> {
  const { document, model } = await readDocument(given, settings, terminal)
  const broken = await checkRules(document)
  const rules = broken?.map(rule => ruleBroken(document.url, rule))
  const found = inOrder(
    [...model.index.diagnostics, ...(rules ?? [rulesUnchecked(document.url)])],
    document.url
  )
  if (options.json) terminal.out(JSON.stringify(found, null, 2))
  else writeLines(found, terminal)
  const fails = found.some(
    ({ severity }) => severity === 'error' || (options.strict && severity === 'warning')
  )
  return fails ? 1 : 0
}

function ruleBroken(file: string, { message, ...position }: LocatedRule): Diagnostic {
  return { ...documentDiagnostic('RULE_BROKEN', { message }, file), ...position }
}

function rulesUnchecked(file: string): Diagnostic {
  return { ...documentDiagnostic('RULES_UNCHECKED', {}, file), line: 1, column: 1 }
}

function writeLines(found: readonly Diagnostic[], terminal: Terminal): void {
  for (const { file, line, column, severity, code, message, remedy } of found) {
    terminal.out(`${file}:${line ?? 1}:${column ?? 1} ${severity} ${code} ${message}`)
    terminal.out(`    ${remedy}`)
  }
  terminal.out(countDiagnostics(found))
}
