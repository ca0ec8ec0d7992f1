import type { Settings } from '../settings.ts'
import { countDiagnostics } from './count-diagnostics.ts'
import { readDocument } from './read-document.ts'
import { renderModel } from './render-model.ts'
import type { ExitCode, Terminal } from './terminal.ts'

/**
 * `openapi-flow preview DOC`: the types and mappings that a platform would install. Where the document
 * has errors or warnings, a last line on standard error says how to see them.
 */
export async function preview(
  given: string,
  options: { readonly json: boolean },
  settings: Settings,
  terminal: Terminal
): Promise<ExitCode> {
  const { model } = await readDocument(given, settings, terminal)
  terminal.out(options.json ? JSON.stringify(model, null, 2) : renderModel(model))
  const { diagnostics } = model.index
  if (diagnostics.some(({ severity }) => severity !== 'info')) {
    terminal.err(`${countDiagnostics(diagnostics)}; see them with: openapi-flow check ${given}`)
  }
  return 0
}
