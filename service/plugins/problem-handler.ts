import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'

import { ConnectorError } from '../errors.ts'
import { readRetryAfter } from '../exchange/conduct/rate-limit-headers.ts'
import { PROBLEM_KIND_HEADER, writeProblem } from '../protocol/problem.ts'
import type { Problem } from '../protocol/schemas.ts'

declare module 'fastify' {
  interface FastifyContextConfig {
    /** What a problem says was asked for: `LOAD`, `SAVE` (protocol 12). */
    action?: string
  }
  interface FastifyReply {
    /** Code of the problem that was answered; null for none. */
    problemCode: Problem['code'] | null
  }
}

/** Makes every failure of a request a problem (protocol 12), an unknown route included. */
export function addProblemHandler(app: FastifyInstance, maxBodyBytes: number): void {
  app.decorateReply('problemCode', null)
  app.setNotFoundHandler((request, reply) => sendProblem(routeUnknown(request), request, reply))
  app.setErrorHandler((error, request, reply) =>
    sendProblem(ownWord(error, request, maxBodyBytes), request, reply)
  )
}

/** Answers a request with the problem that an error is; one that is not ours is INTERNAL. */
export function sendProblem(error: unknown, request: FastifyRequest, reply: FastifyReply): void {
  // Who is not let in is not told either whether there is such a route.
  const isRefused = error instanceof ConnectorError && error.code === 'DOOR_CLOSED'
  const action = isRefused ? null : (request.routeOptions.config.action ?? null)
  const problem = writeProblem(error, { path: pathOf(request), action, requestId: request.id })
  // Whoever hung up hears nothing, and what their leaving ended is no failure of ours.
  if (problem.code === 'INTERNAL' && !reply.raw.destroyed) {
    request.log.error({ err: error }, 'the connector failed')
  }
  reply.problemCode = problem.code
  const seconds = retryAfterSeconds(error)
  if (seconds !== null) reply.header('Retry-After', seconds)
  reply
    .code(problem.statusCode)
    .header(PROBLEM_KIND_HEADER, problem.kind)
    .type('application/json; charset=utf-8')
    .serializer(JSON.stringify)
    .send(problem)
}

/** Seconds after which to come again: our own word, or that of the API that refused. */
function retryAfterSeconds(error: unknown): number | null {
  if (!(error instanceof ConnectorError)) return null
  const milliseconds = readRetryAfter(error.upstream?.headers['retry-after'], Date.now())
  const relayed = milliseconds === undefined ? null : Math.ceil(milliseconds / 1000)
  return error.retryAfterSeconds ?? relayed
}

/** The problem for a path that cannot be routed. */
export function routeUnknown(request: FastifyRequest): ConnectorError {
  return new ConnectorError('ROUTE_UNKNOWN', { method: request.method, path: pathOf(request) })
}

function pathOf({ url }: FastifyRequest): string {
  return url.split('?', 1)[0] ?? url
}

/** The server's own refusals in our words. */
function ownWord(error: unknown, request: FastifyRequest, maxBodyBytes: number): unknown {
  if (error === request.raw.errored) return new ConnectorError('REQUEST_MALFORMED')
  const code = error instanceof Error && 'code' in error ? error.code : null
  switch (code) {
    case 'FST_ERR_CTP_BODY_TOO_LARGE':
      return new ConnectorError('BODY_TOO_LARGE', { limit: maxBodyBytes })
    case 'FST_ERR_CTP_INVALID_MEDIA_TYPE':
    case 'FST_ERR_CTP_INVALID_CONTENT_LENGTH':
      return request.is404 ? routeUnknown(request) : new ConnectorError('BODY_NOT_JSON')
    default:
      return error
  }
}
