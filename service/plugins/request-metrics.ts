import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'

import type { Metrics } from '../observe/types.ts'

/** Counts every request that is routed, from before the door until nobody waits for its answer any more. */
export function addRequestMetrics(app: FastifyInstance, metrics: Metrics): void {
  app.addHook('onRequest', (request, reply, done) => {
    countRequest(metrics, request, reply)
    done()
  })
}

/** Counts one request that no hook sees. */
export function countRequest(metrics: Metrics, request: FastifyRequest, reply: FastifyReply): void {
  metrics.requestCame()
  // Unlike `onResponse` this comes also when the caller hangs up.
  reply.raw.once('close', () => {
    metrics.requestWent({
      route: request.routeOptions.url ?? null,
      method: request.method,
      status: reply.raw.writableFinished ? reply.statusCode : null,
      milliseconds: reply.elapsedTime,
      problem: reply.problemCode
    })
  })
}
