import type { Settings } from '../settings.ts'
import { countDiagnostics } from './count-diagnostics.ts'
import { readDocument } from './read-document.ts'
import { renderModel } from './render-model.ts'
import type { ExitCode, Terminal } from './terminal.ts'

/**
 * `openapi-flow preview DOC`: prints the types and mappings that would be installed. If the document has
 * errors or warnings, a line on standard error tells how to list them.
 */
export async function preview(
  location: string,
  options: { readonly json: boolean },
  settings: Settings,
  terminal: Terminal
): Promise<ExitCode> {
  const { model } = await readDocument(location, settings, terminal)
  terminal.out(options.json ? JSON.stringify(model, null, 2) : renderModel(model))
  const { diagnostics } = model.index
  if (diagnostics.some(({ severity }) => severity !== 'info')) {
    terminal.err(`${countDiagnostics(diagnostics)}; see them with: openapi-flow check ${location}`)
  }
  return 0
}
