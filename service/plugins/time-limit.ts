import type { FastifyInstance } from 'fastify'

import { ConnectorError } from '../errors.ts'

/** Milliseconds that work gets to end by itself once its time is over. */
export const GRACE_MS = 1_000

/**
 * Answers FLOW_TIMEOUT for a handler that goes on past its time (design 4), so that nothing hangs a
 * request for ever. Flow requests keep to their time themselves and say how far they came; this is
 * for work that does not hear that its time is over. (`handlerTimeout` of Fastify watches the request,
 * whose end is over once its body is read.)
 *
 * @param limitMs Milliseconds from the request's arrival: `FLOW_TIMEOUT_MS`.
 */
export function addTimeLimit(app: FastifyInstance, limitMs: number): void {
  app.addHook('onRoute', route => {
    const { handler } = route
    route.handler = async function (request, reply) {
      const overrun = Promise.withResolvers<never>()
      const timer = setTimeout(
        () => {
          const reached = 'it did not stop when it was aborted'
          overrun.reject(new ConnectorError('FLOW_TIMEOUT', { limit: limitMs, reached }))
        },
        limitMs - request.waitedMs + GRACE_MS
      )
      try {
        return await Promise.race([handler.call(this, request, reply), overrun.promise])
      } finally {
        clearTimeout(timer)
      }
    }
  })
}
