import type { Operations } from '../operations/types.ts'
import { callerOf } from '../plugins/caller.ts'
import { objectsAnswer } from '../plugins/json-answer.ts'
import type { App } from '../plugins/typebox.ts'
import { readWriteRequest, startObjects } from '../protocol/object-data.ts'
import { ObjectDataRequest, ObjectDataResponse } from '../protocol/schemas.ts'

/** `PUT /data`: saves objects. Without objects the API is not called. */
export function addSaveRoute(app: App, operations: Operations): void {
  app.put(
    '/data',
    {
      config: { action: 'SAVE', summary: 'Saves objects.' },
      schema: { body: ObjectDataRequest, response: { 200: ObjectDataResponse } }
    },
    async (request, reply) => {
      const save = readWriteRequest(request.body)
      const { length } = save.objects
      const saved = length === 0 ? [] : await operations.save(callerOf(request, request.body), save)
      return objectsAnswer(request, reply, startObjects(saved))
    }
  )
}
