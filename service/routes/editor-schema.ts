import { taggedAnswer } from '../plugins/tagged-answer.ts'
import type { App } from '../plugins/typebox.ts'
import { editorSchemaText } from '../vocabulary/editor-schema.ts'

/** `GET /schemas/x-flow.json`: the JSON Schema of the keys and of manifests, for editors. */
export function addEditorSchemaRoute(app: App): void {
  app.get('/schemas/x-flow.json', { config: { isFlow: false } }, (request, reply) =>
    taggedAnswer(request, reply, Buffer.from(editorSchemaText()), 'application/schema+json')
  )
}
