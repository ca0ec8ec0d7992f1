import { readFileSync } from 'node:fs'

import { renderModel } from '../../service/cli/render-model.ts'
import { parseDocument } from '../../service/document/parse-document.ts'
import { compileModel } from '../../service/model/compile-model.ts'

/** What a sample document compiles to, and everything that is found about it, as readable text. */
export function goldenPage(name: string): string {
  const text = readFileSync(`openapi-samples/${name}.yaml`, 'utf8')
  const document = parseDocument(text, '', `sample:${name}`)
  const model = compileModel(document, { perType: 200, total: 5_000 })
  const findings = model.index.diagnostics.map(
    ({ line, column, severity, code, message, pointer }) =>
      `${line}:${column} ${severity} ${code} ${message} (${pointer || 'root'})`
  )
  const found = findings.length === 0 ? ['No findings.'] : findings
  return `${renderModel(model)}\n\n${found.join('\n')}\n`
}
