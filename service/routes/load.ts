import type { Operations } from '../operations/types.ts'
import { callerOf } from '../plugins/caller.ts'
import { objectsAnswer } from '../plugins/json-answer.ts'
import type { App } from '../plugins/typebox.ts'
import { readLoadRequest, startLoadResult } from '../protocol/object-data.ts'
import { ObjectDataRequest, ObjectDataResponse } from '../protocol/schemas.ts'

/** `POST /data`: loads or queries objects. */
export function addLoadRoute(app: App, operations: Operations): void {
  app.post(
    '/data',
    {
      config: { action: 'LOAD', summary: 'Loads or queries objects.' },
      schema: { body: ObjectDataRequest, response: { 200: ObjectDataResponse } }
    },
    async (request, reply) => {
      const load = readLoadRequest(request.body)
      const result = await operations.load(callerOf(request, request.body), load)
      return objectsAnswer(request, reply, startLoadResult(result))
    }
  )
}
