import type { Observer } from '../observe/observer.ts'
import type { App } from '../plugins/typebox.ts'

/**
 * `GET /metrics`: the metrics of this instance in the Prometheus format. Never queued.
 *
 * @param isPublic Whether to serve it without credentials.
 */
export function addMetricsRoute(app: App, observer: Observer, isPublic: boolean): void {
  const summary = 'The metrics of this instance in the Prometheus format.'
  app.get(
    '/metrics',
    { config: { isPublic, isFlow: false, summary, produces: 'text/plain' } },
    async (_, reply) => {
      const { contentType, text } = await observer.write()
      return reply.type(contentType).send(text)
    }
  )
}
