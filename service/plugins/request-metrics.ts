import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'

import type { Observer } from '../observe/observer.ts'

/** Counts every routed request from its arrival until its connection is done with it. */
export function addRequestMetrics(app: FastifyInstance, observer: Observer): void {
  app.addHook('onRequest', (request, reply, done) => {
    countRequest(observer, request, reply)
    done()
  })
}

/** Counts one request that no hook is called for. */
export function countRequest(
  observer: Observer,
  request: FastifyRequest,
  reply: FastifyReply
): void {
  observer.requestStarted()
  // Unlike `onResponse`, also emitted when the caller hangs up.
  reply.raw.once('close', () => {
    observer.requestFinished({
      route: request.routeOptions.url ?? null,
      method: request.method,
      status: reply.raw.writableFinished ? reply.statusCode : null,
      milliseconds: reply.elapsedTime,
      problem: reply.problemCode
    })
  })
}
