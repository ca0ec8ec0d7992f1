import { surveyDocument } from '../../compiler/survey/suggest-types.ts'
import type { Settings } from '../../settings.ts'
import { countDiagnostics } from '../document/count-diagnostics.ts'
import { readDocument } from '../document/read-document.ts'
import { renderModel } from './render-model.ts'
import { renderSurvey } from './render-survey.ts'
import type { ExitCode, Terminal } from '../terminal.ts'

/**
 * `openapi-flow preview DOC`: prints the types and mappings that would be installed or, for a document without
 * `x-flow-type`, what types could be made of it and what to write first. If the document has
 * errors or warnings, a line on standard error tells how to list them.
 */
export async function preview(
  location: string,
  options: { readonly json: boolean },
  settings: Settings,
  terminal: Terminal
): Promise<ExitCode> {
  const { document, model } = await readDocument(location, settings, terminal)
  const { diagnostics } = model.index
  const isBare = diagnostics.some(({ code }) => code === 'DOCUMENT_NOT_ANNOTATED')
  if (options.json) terminal.out(JSON.stringify(model, null, 2))
  else if (isBare) terminal.out(renderSurvey(document, surveyDocument(document), location))
  else terminal.out(renderModel(model))
  if (diagnostics.some(({ severity }) => severity !== 'info')) {
    terminal.err(`${countDiagnostics(diagnostics)}; see them with: openapi-flow check ${location}`)
  }
  return 0
}
