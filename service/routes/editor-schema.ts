import { taggedAnswer } from '../plugins/tagged-answer.ts'
import type { App } from '../plugins/typebox.ts'
import { editorSchemaText } from '../vocabulary/editor-schema.ts'

/** `GET /schemas/x-flow.json`: the JSON Schema of the keys and of manifests, for editors. */
export function addEditorSchemaRoute(app: App): void {
  const summary = 'The JSON Schema of the x-flow keys and of manifests, for editors.'
  const produces = 'application/schema+json'
  app.get(
    '/schemas/x-flow.json',
    { config: { isFlow: false, summary, produces } },
    (request, reply) => taggedAnswer(request, reply, Buffer.from(editorSchemaText()), produces)
  )
}
