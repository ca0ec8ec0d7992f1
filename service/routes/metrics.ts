import type { Observer } from '../observe/observer.ts'
import type { App } from '../plugins/typebox.ts'

/**
 * `GET /metrics`: the counts of this instance, as Prometheus reads them. It never waits for a slot.
 *
 * @param isPublic Whether it is open to everybody, as health is.
 */
export function addMetricsRoute(app: App, observer: Observer, isPublic: boolean): void {
  app.get('/metrics', { config: { isPublic, isFlow: false } }, async (_, reply) => {
    const { contentType, text } = await observer.write()
    return reply.type(contentType).send(text)
  })
}
