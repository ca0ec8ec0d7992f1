import type { FastifyInstance } from 'fastify'
import Type from 'typebox'

import type { RouteDescription } from '../protocol/describe-service.ts'
import { isFlowRoute } from './shedding.ts'

declare module 'fastify' {
  interface FastifyContextConfig {
    /** What the route does, in one sentence, for the description of the service. */
    summary?: string
    /** The media type of an answer without a schema. */
    produces?: string
  }
}

/** Lists the routes that are added from now on, as the service describes them. */
export function listRoutes(app: FastifyInstance): readonly RouteDescription[] {
  const list: RouteDescription[] = []
  app.addHook('onRoute', ({ method, routePath, schema, config }) => {
    for (const verb of [method].flat()) {
      // Fastify adds one for each GET.
      if (verb === 'HEAD') continue
      const answer = answerOf(schema?.response)
      list.push({
        method: verb.toLowerCase(),
        path: routePath,
        summary: config?.summary ?? '',
        body: Type.IsSchema(schema?.body) ? schema.body : null,
        takesText: config?.takesText === true,
        answer,
        produces: answer === null ? (config?.produces ?? null) : 'application/json',
        isPublic: config?.isPublic === true,
        isFlow: isFlowRoute(config)
      })
    }
  })
  return list
}

function answerOf(response: unknown): RouteDescription['answer'] {
  const answer =
    typeof response === 'object' && response !== null && '200' in response ? response['200'] : null
  return Type.IsSchema(answer) ? answer : null
}
