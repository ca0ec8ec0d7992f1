import { ConnectorError } from '../errors.ts'
import type { Operations } from '../operations/types.ts'
import { callerOf } from '../plugins/caller.ts'
import type { App } from '../plugins/typebox.ts'

/**
 * `POST /kept`: keeps the text of a document or of an overlay for a day, whatever its content type, and answers with
 * `kept:<id>`, which serves as a Schema URL (docs/running.md#kept-texts).
 */
export function addKeptRoute(app: App, operations: Operations): void {
  const summary = 'Keeps the text of a document or of an overlay for a day.'
  const config = { takesText: true, summary, produces: 'text/plain' }
  app.post('/kept', { config }, async (request, reply) => {
    const { body } = request
    if (!Buffer.isBuffer(body)) {
      const expected = 'expected the text of a document or of an overlay'
      throw new ConnectorError('BODY_INVALID', { pointer: 'its root', expected })
    }
    const { location, until } = await operations.keep(callerOf(request, undefined), body)
    reply.type('text/plain; charset=utf-8').header('expires', new Date(until).toUTCString())
    return location
  })
}
