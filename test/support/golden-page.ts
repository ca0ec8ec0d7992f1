import { readDocument } from '../../service/cli/document/read-document.ts'
import { renderModel } from '../../service/cli/preview/render-model.ts'
import { readSettings } from '../../service/read-settings.ts'

/** The model and the diagnostics of a sample document, as text. */
export async function goldenPage(name: string): Promise<string> {
  const { settings } = readSettings({})
  const { model } = await readDocument(`sample:${name}`, settings, { directory: '.' })
  const diagnostics = model.index.diagnostics.map(
    ({ line, column, severity, code, message, pointer }) =>
      `${line}:${column} ${severity} ${code} ${message} (${pointer || 'root'})`
  )
  const found = diagnostics.length === 0 ? ['No diagnostics.'] : diagnostics
  return `${renderModel(model)}\n\n${found.join('\n')}\n`
}
