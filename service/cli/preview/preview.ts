import type { Settings } from '../../settings.ts'
import { countDiagnostics } from '../document/count-diagnostics.ts'
import { readDocument } from '../document/read-document.ts'
import { renderModel } from './render-model.ts'
import type { ExitCode, Terminal } from '../terminal.ts'

/** Words for diagnostics of a document without types of its own. */
const UNANNOTATED: ReadonlyMap<string, string> = new Map([
  ['DOCUMENT_NOT_ANNOTATED', 'no type could be inferred'],
  ['TYPES_INFERRED', 'types are inferred']
])

/**
 * `openapi-flow preview DOC`: prints the types and mappings that would be installed, for a document without
 * `x-flow-type` those that are inferred. Lines on standard error tell how to list errors and warnings, and how to read
 * why types are inferred or none are.
 */
export async function preview(
  location: string,
  options: { readonly json: boolean; readonly overlays: readonly string[] },
  settings: Settings,
  terminal: Terminal
): Promise<ExitCode> {
  const { model } = await readDocument(location, settings, terminal, options)
  const { diagnostics } = model.index
  if (options.json) terminal.out(JSON.stringify(model, null, 2))
  else terminal.out(renderModel(model))
  for (const { code } of diagnostics) {
    const words = UNANNOTATED.get(code)
    if (words !== undefined) terminal.err(`${words}; see why with: openapi-flow infer ${location}`)
  }
  if (diagnostics.some(({ severity }) => severity !== 'info')) {
    const words = ['check', location, ...options.overlays.map(overlay => `--overlay ${overlay}`)]
    terminal.err(`${countDiagnostics(diagnostics)}; see them with: openapi-flow ${words.join(' ')}`)
  }
  return 0
}
