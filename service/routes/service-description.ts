import { hash } from 'node:crypto'

import { serviceVersion } from '../plugins/service-version.ts'
import { taggedAnswer } from '../plugins/tagged-answer.ts'
import type { App } from '../plugins/typebox.ts'
import type { RouteDescription } from '../protocol/describe-service.ts'
import { describeService } from '../protocol/describe-service.ts'
import { REFERENCE_STYLE, renderReference } from '../protocol/render-reference.ts'

/** The page has its own style, and nothing else. */
const POLICY = `default-src 'none'; style-src 'sha256-${hash('sha256', REFERENCE_STYLE, 'base64')}'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'`

/**
 * `GET /openapi.json`: the service itself as an OpenAPI document. `GET /reference`: the same as a page.
 *
 * @param routes All of them, once the service listens.
 */
export function addServiceDescriptionRoutes(app: App, routes: readonly RouteDescription[]): void {
  let made: { readonly json: Uint8Array; readonly page: Uint8Array } | undefined
  const texts = () => {
    if (made !== undefined) return made
    const description = describeService(routes, serviceVersion())
    const [json, page] = [JSON.stringify(description), renderReference(description)]
    made = { json: Buffer.from(json), page: Buffer.from(page) }
    return made
  }
  const ofJson = {
    isFlow: false,
    summary: 'Describes the connector itself as an OpenAPI document.',
    produces: 'application/json'
  }
  app.get('/openapi.json', { config: ofJson }, (request, reply) =>
    taggedAnswer(request, reply, texts().json, 'application/json; charset=utf-8')
  )
  const ofPage = {
    isFlow: false,
    summary: 'Shows the routes of the connector to people.',
    produces: 'text/html'
  }
  app.get('/reference', { config: ofPage }, (request, reply) => {
    reply.header('content-security-policy', POLICY)
    return taggedAnswer(request, reply, texts().page, 'text/html; charset=utf-8')
  })
}
