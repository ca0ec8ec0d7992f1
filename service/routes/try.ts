import type { Operations } from '../operations/types.ts'
import { callerOf } from '../plugins/caller.ts'
import { objectsAnswer } from '../plugins/json-answer.ts'
import type { App } from '../plugins/typebox.ts'
import { readTryRequest, startTryAnswer } from '../protocol/try.ts'
import { TryAnswer, TryRequest } from '../protocol/try-schemas.ts'

/** `POST /try`: what a use of a type gives, and how that came about (docs/running.md#trying-a-type). */
export function addTryRoute(app: App, operations: Operations): void {
  app.post(
    '/try',
    {
      config: { action: 'TRY', summary: 'Uses a type as a flow does, and shows how.' },
      schema: { body: TryRequest, response: { 200: TryAnswer } }
    },
    async (request, reply) => {
      const { body } = request
      const trial = await operations.try(callerOf(request, body), readTryRequest(body))
      return objectsAnswer(request, reply, startTryAnswer(body, trial, { requestId: request.id }))
    }
  )
}
