import { judgeExamples } from '../../compiler/example/judge-examples.ts'
import { locateDiagnostics } from '../../compiler/locate-diagnostics.ts'
import { inOrder } from '../../compiler/report.ts'
import type { Diagnostic } from '../../model/diagnostic.ts'
import { documentDiagnostic } from '../../model/diagnostic.ts'
import type { LocatedRule } from '../../parse/check-rules.ts'
import { checkRules } from '../../parse/check-rules.ts'
import type { ParsedDocument } from '../../parse/parse-document.ts'
import { isManifest } from '../../parse/parse-document.ts'
import type { Settings } from '../../settings.ts'
import { countDiagnostics } from '../document/count-diagnostics.ts'
import { readDocument } from '../document/read-document.ts'
import { createPaint } from '../paint.ts'
import type { ExitCode, Terminal } from '../terminal.ts'
import { renderDiagnostic } from './render-diagnostic.ts'
import { renderLists } from './render-lists.ts'
import { showsSecret } from './shows-secret.ts'
import { sourceLines } from './source-lines.ts'

export type CheckOptions = {
  /** Treats warnings as errors. */
  readonly strict: boolean
  /** Writes JSON instead of lines. */
  readonly json: boolean
  /** Calls no address of a login. */
  readonly offline: boolean
  /** Applied to the document in this order, each a URL, `sample:<name>` or a file. */
  readonly overlays: readonly string[]
}

/**
 * `openapi-flow check DOC`: prints the diagnostics of the `x-flow` keys, of examples, of the OpenAPI rules and of logins that let
 * everybody in, each with its place and the line in question; then how each list is paged.
 *
 * @returns 0 without errors, 1 with errors.
 */
export async function check(
  location: string,
  options: CheckOptions,
  settings: Settings,
  terminal: Terminal
): Promise<ExitCode> {
  const read = await readDocument(location, settings, terminal, options)
  const { document, model } = read
  const broken = isManifest(document) ? [] : await checkRules(document)
  const unchecked = documentDiagnostic('RULES_UNCHECKED', {}, document.url)
  const rules = broken?.map(ruleBroken) ?? [{ ...unchecked, line: 1, column: 1 }]
  const hasPassword = model.index.logins.some(({ kind }) => kind === 'basic')
  const isTried = hasPassword && !options.offline && !isSample(location)
  // What calls them is loaded only for those who need it, for a fast start.
  const tried = isTried ? await (await import('./try-logins.ts')).tryLogins(read, settings) : []
  const judged = unfitExamples(document, model.index.diagnostics)
  const found = [...model.index.diagnostics, ...judged, ...rules, ...tried]
  const diagnostics = inOrder(found, document.url)
  if (options.json) terminal.out(JSON.stringify(diagnostics, null, 2))
  else writeLines(diagnostics, document, renderLists(model), terminal)
  const fails = diagnostics.some(
    ({ severity }) => severity === 'error' || (options.strict && severity === 'warning')
  )
  return fails ? 1 : 0
}

/** The examples that do not fit their schemas, but for those of which the compiler has told something already. */
function unfitExamples(document: ParsedDocument, told: readonly Diagnostic[]): Diagnostic[] {
  const examples = told.filter(({ code }) => code.startsWith('EXAMPLE_'))
  const known = new Set(examples.map(({ file, pointer }) => `${file} ${pointer}`))
  const judged = locateDiagnostics(judgeExamples(document), document)
  return judged.filter(({ file, pointer }) => !known.has(`${file} ${pointer}`))
}

function isSample(location: string): boolean {
  return /^sample:/i.test(location)
}

function ruleBroken({ message, ...place }: LocatedRule): Diagnostic {
  return { ...documentDiagnostic('RULE_BROKEN', { message }, place.file), ...place }
}

function writeLines(
  diagnostics: readonly Diagnostic[],
  document: ParsedDocument,
  lists: readonly string[],
  terminal: Terminal
): void {
  const paint = createPaint(terminal)
  const { url, text, links, origin } = document
  const hidesSecrets = isManifest(document)
  const sources = new Map(
    [...links.parts, ...origin.overlays, { url, text }].map(each => [
      each.url,
      sourceLines(each.text)
    ])
  )
  for (const diagnostic of diagnostics) {
    const { file, line, column } = diagnostic
    const found = sources.get(file)?.(line ?? 1, column ?? 1)
    const excerpt = hidesSecrets && found && showsSecret(found.text) ? undefined : found
    for (const shown of renderDiagnostic(diagnostic, excerpt, paint)) terminal.out(shown)
  }
  for (const line of lists) terminal.out(line)
  terminal.out(countDiagnostics(diagnostics))
}
