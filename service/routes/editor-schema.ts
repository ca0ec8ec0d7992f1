import { taggedAnswer } from '../plugins/tagged-answer.ts'
import type { App } from '../plugins/typebox.ts'

/** `GET /schemas/x-flow.json`: the JSON Schema of the keys and of manifests, for editors. */
export function addEditorSchemaRoute(app: App): void {
  const summary = 'The JSON Schema of the x-flow keys and of manifests, for editors.'
  const config = { isFlow: false, summary, produces: 'application/schema+json' }
  app.get('/schemas/x-flow.json', { config }, async (request, reply) => {
    // The first flow requests need none of it.
    const { editorSchemaText } = await import('../vocabulary/editor-schema.ts')
    return taggedAnswer(request, reply, Buffer.from(editorSchemaText()), config.produces)
  })
}
