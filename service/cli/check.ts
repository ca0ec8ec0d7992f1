import type { LocatedRule } from '../parse/check-rules.ts'
import { checkRules } from '../parse/check-rules.ts'
import { DIAGNOSTICS, fillHoles } from '../errors.ts'
import { inOrder } from '../compiler/report.ts'
import type { Diagnostic } from '../model/diagnostic.ts'
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
  const rules = broken?.map(rule => diagnostic('RULE_BROKEN', document.url, rule))
  const untried = diagnostic('RULES_UNCHECKED', document.url, START)
  const found = inOrder([...model.index.diagnostics, ...(rules ?? [untried])], document.url)
  if (options.json) terminal.out(JSON.stringify(found, null, 2))
  else writeLines(found, terminal)
  const fails = found.some(
    ({ severity }) => severity === 'error' || (options.strict && severity === 'warning')
  )
  return fails ? 1 : 0
}

const START = { message: '', pointer: '', line: 1, column: 1 }

function diagnostic(
  code: 'RULE_BROKEN' | 'RULES_UNCHECKED',
  file: string,
  { message, pointer, line, column }: LocatedRule
): Diagnostic {
  const entry = DIAGNOSTICS[code]
  const { severity, remedy } = entry
  return {
    code,
    severity,
    message: fillHoles(entry.message, { message }),
    remedy,
    pointer,
    line,
    column,
    file
  }
}

function writeLines(found: readonly Diagnostic[], terminal: Terminal): void {
  for (const { file, line, column, severity, code, message, remedy } of found) {
    terminal.out(`${file}:${line ?? 1}:${column ?? 1} ${severity} ${code} ${message}`)
    terminal.out(`    ${remedy}`)
  }
  terminal.out(countDiagnostics(found))
}
