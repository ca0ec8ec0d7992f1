import type { Settings } from '../settings.ts'
import { readDocument } from './read-document.ts'
import { renderModel } from './render-model.ts'
import type { ExitCode, Terminal } from './terminal.ts'

/** `openapi-flow preview DOC`: the types and mappings that a platform would install. */
export async function preview(
  given: string,
  options: { readonly json: boolean },
  settings: Settings,
  terminal: Terminal
): Promise<ExitCode> {
  const { model } = await readDocument(given, settings, terminal)
  terminal.out(options.json ? JSON.stringify(model, null, 2) : renderModel(model))
  return 0
}
