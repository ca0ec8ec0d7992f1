import type { Operations } from '../operations/types.ts'
import { callerOf } from '../plugins/caller.ts'
import { jsonAnswer } from '../plugins/json-answer.ts'
import type { App } from '../plugins/typebox.ts'
import { writePreview } from '../protocol/describe.ts'
import { DescribeServiceRequest, PreviewResponse } from '../protocol/schemas.ts'

/** `POST /preview`: the types that would be installed, their mappings, and all diagnostics of the document. */
export function addPreviewRoute(app: App, operations: Operations): void {
  app.post(
    '/preview',
    {
      config: { summary: 'Shows the types and mappings of a document, and its diagnostics.' },
      schema: { body: DescribeServiceRequest, response: { 200: PreviewResponse } }
    },
    async (request, reply) =>
      jsonAnswer(reply, writePreview(await operations.preview(callerOf(request, request.body))))
  )
}
