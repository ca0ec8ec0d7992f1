import type { Operations } from '../operations/types.ts'
import { callerOf } from '../plugins/caller.ts'
import { jsonAnswer } from '../plugins/json-answer.ts'
import type { App } from '../plugins/typebox.ts'
import { TextsAnswer, TextsQuestion } from '../protocol/type-schemas.ts'

/** `POST /texts`: the texts of a document, and where its types and mappings stand in them. */
export function addDocumentTextsRoute(app: App, operations: Operations): void {
  app.post(
    '/texts',
    {
      config: { summary: 'Answers the texts of a document, with the places of its types.' },
      schema: { body: TextsQuestion, response: { 200: TextsAnswer } }
    },
    async (request, reply) =>
      jsonAnswer(reply, [await operations.readTexts(callerOf(request, request.body))])
  )
}
