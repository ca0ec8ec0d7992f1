import { hash } from 'node:crypto'

import { serviceVersion } from '../plugins/service-version.ts'
import { taggedAnswer } from '../plugins/tagged-answer.ts'
import type { App } from '../plugins/typebox.ts'
import type { RouteDescription } from '../protocol/describe-service.ts'
import { ServiceDescription } from '../protocol/schemas.ts'

type Texts = { readonly json: Uint8Array; readonly page: Uint8Array; readonly policy: string }

/**
 * `GET /openapi.json`: the service itself as an OpenAPI document. `GET /reference`: the same as a page.
 *
 * @param routes All of them, once the service listens.
 */
export function addServiceDescriptionRoutes(app: App, routes: readonly RouteDescription[]): void {
  let made: Promise<Texts> | undefined
  const texts = (): Promise<Texts> => (made ??= makeTexts(routes))
  const ofJson = {
    isFlow: false,
    summary: 'Describes the connector itself as an OpenAPI document.'
  }
  const schema = { response: { 200: ServiceDescription } }
  app.get('/openapi.json', { config: ofJson, schema }, async (request, reply) => {
    const { json } = await texts()
    return taggedAnswer(request, reply, json, 'application/json; charset=utf-8')
  })
  const ofPage = {
    isFlow: false,
    summary: 'Shows the routes of the connector to people.',
    produces: 'text/html'
  }
  app.get('/reference', { config: ofPage }, async (request, reply) => {
    const { page, policy } = await texts()
    reply.header('content-security-policy', policy)
    return taggedAnswer(request, reply, page, 'text/html; charset=utf-8')
  })
}

/** Loads what makes them for the first who asks. */
async function makeTexts(routes: readonly RouteDescription[]): Promise<Texts> {
  const [{ describeService }, { REFERENCE_STYLE, renderReference }] = await Promise.all([
    import('../protocol/describe-service.ts'),
    import('../protocol/render-reference.ts')
  ])
  const description = describeService(routes, serviceVersion())
  // The page has its own style, and nothing else.
  const style = `'sha256-${hash('sha256', REFERENCE_STYLE, 'base64')}'`
  return {
    json: Buffer.from(JSON.stringify(description)),
    page: Buffer.from(renderReference(description)),
    policy: `default-src 'none'; style-src ${style}; base-uri 'none'; form-action 'none'; frame-ancestors 'none'`
  }
}
