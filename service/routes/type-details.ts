import type { Operations } from '../operations/types.ts'
import { callerOf } from '../plugins/caller.ts'
import { jsonAnswer } from '../plugins/json-answer.ts'
import type { App } from '../plugins/typebox.ts'
import { writeTypeDetails } from '../protocol/describe.ts'
import { TypeAnswer, TypeQuestion } from '../protocol/type-schemas.ts'

/** `POST /preview/type`: a type with the JSON of its values, its id, and what fills the parameters of its mappings. */
export function addTypeDetailsRoute(app: App, operations: Operations): void {
  app.post(
    '/preview/type',
    {
      config: { summary: 'Shows one type of a document with its mappings, in detail.' },
      schema: { body: TypeQuestion, response: { 200: TypeAnswer } }
    },
    async (request, reply) => {
      const { type } = request.body
      const details = await operations.describeType(callerOf(request, request.body), type)
      return jsonAnswer(reply, writeTypeDetails(details))
    }
  )
}
