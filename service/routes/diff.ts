import type { Operations } from '../operations/types.ts'
import { callerOf } from '../plugins/caller.ts'
import { jsonAnswer } from '../plugins/json-answer.ts'
import { knownConfiguration } from '../plugins/known-configurations.ts'
import type { App } from '../plugins/typebox.ts'
import { versionValues, writeChanges } from '../protocol/diff.ts'
import { DiffRequest, DiffResponse } from '../protocol/schemas.ts'

/** `POST /diff`: what a new version of a document breaks in flows that have installed the older one. */
export function addDiffRoute(app: App, operations: Operations): void {
  app.post(
    '/diff',
    {
      config: { summary: 'Shows what a new version of a document breaks in installed flows.' },
      schema: { body: DiffRequest, response: { 200: DiffResponse } }
    },
    async (request, reply) => {
      const { body } = request
      const changes = await operations.compare(callerOf(request, body), {
        old: knownConfiguration(versionValues(body, 'old')),
        new: knownConfiguration(versionValues(body, 'new'))
      })
      return jsonAnswer(reply, writeChanges(changes))
    }
  )
}
