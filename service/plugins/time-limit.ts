import type { FastifyInstance } from 'fastify'

import { ConnectorError } from '../errors.ts'

/** How long a handler may run past its deadline to stop by itself (ms). */
export const GRACE_MS = 1_000

/**
 * Answers FLOW_TIMEOUT for a handler that ignores its deadline. Flow requests normally observe it themselves
 * and report how far they came; this is the safety net. Fastify's `handlerTimeout` will not do: it watches
 * the request stream, which closes once the body is read.
 *
 * @param limitMs From the request's arrival: `FLOW_TIMEOUT_MS`.
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
