import type { Operations } from '../operations/types.ts'
import { callerOf } from '../plugins/caller.ts'
import { jsonAnswer } from '../plugins/json-answer.ts'
import type { App } from '../plugins/typebox.ts'
import { OverlayAnswer, OverlayQuestion } from '../protocol/overlay-schemas.ts'
import { readPatterns } from '../protocol/read-patterns.ts'

/** `POST /overlay`: the types and mappings that the document could have, and the overlay that adds them. */
export function addOverlayRoute(app: App, operations: Operations): void {
  app.post(
    '/overlay',
    {
      config: { summary: 'Proposes types and mappings for a document, as an overlay.' },
      schema: { body: OverlayQuestion, response: { 200: OverlayAnswer } }
    },
    async (request, reply) => {
      const asked = readPatterns(request.body)
      return jsonAnswer(reply, [
        await operations.proposeOverlay(callerOf(request, request.body), asked)
      ])
    }
  )
}
