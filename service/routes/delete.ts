import type { Operations } from '../operations/types.ts'
import { callerOf } from '../plugins/caller.ts'
import { objectsAnswer } from '../plugins/json-answer.ts'
import type { App } from '../plugins/typebox.ts'
import { readWriteRequest, startObjects } from '../protocol/object-data.ts'
import { ObjectDataRequest, ObjectDataResponse } from '../protocol/schemas.ts'

/** `POST /data/delete`. Without objects the API is not called. */
export function addDeleteRoute(app: App, operations: Operations): void {
  app.post(
    '/data/delete',
    {
      config: { action: 'DELETE', summary: 'Deletes objects.' },
      schema: { body: ObjectDataRequest, response: { 200: ObjectDataResponse } }
    },
    async (request, reply) => {
      const removal = readWriteRequest(request.body)
      if (removal.objects.length > 0) {
        await operations.remove(callerOf(request, request.body), removal)
      }
      return objectsAnswer(request, reply, startObjects([]))
    }
  )
}
