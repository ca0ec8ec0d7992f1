import { serviceVersion } from '../plugins/service-version.ts'
import { taggedAnswer } from '../plugins/tagged-answer.ts'
import type { App } from '../plugins/typebox.ts'
import type { RouteDescription } from '../protocol/describe-service.ts'
import { describeService } from '../protocol/describe-service.ts'

/** `GET /openapi.json`: the service itself as an OpenAPI document. @param routes All of them, once it listens. */
export function addServiceDescriptionRoute(app: App, routes: readonly RouteDescription[]): void {
  const summary = 'Describes the connector itself as an OpenAPI document.'
  let bytes: Uint8Array | undefined
  app.get(
    '/openapi.json',
    { config: { isFlow: false, summary, produces: 'application/json' } },
    (request, reply) => {
      bytes ??= Buffer.from(JSON.stringify(describeService(routes, serviceVersion())))
      return taggedAnswer(request, reply, bytes, 'application/json; charset=utf-8')
    }
  )
}
