import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'

import { errorCode } from '../base/error-code.ts'
import { ConnectorError } from '../errors.ts'
import { retryAfterSeconds } from '../base/retry-after.ts'
import { PROBLEM_KIND_HEADER, writeProblem } from '../protocol/problem.ts'
import type { Problem } from '../protocol/schemas.ts'

declare module 'fastify' {
  interface FastifyContextConfig {
    /** The `action` of a problem on this route, such as `LOAD` or `SAVE`. */
    action?: string
  }
  interface FastifyReply {
    /** Code of the problem in the answer; null for none. */
    problemCode: Problem['code'] | null
  }
}

/** Answers every failure, including an unknown route, with a problem (docs/protocol.md#problems). */
export function addProblemHandler(app: FastifyInstance, maxBodyBytes: number): void {
  app.decorateReply('problemCode', null)
  app.setNotFoundHandler((request, reply) => sendProblem(routeUnknown(request), request, reply))
  app.setErrorHandler((error, request, reply) =>
    sendProblem(fromFastifyError(error, request, maxBodyBytes), request, reply)
  )
}

/** Answers with the problem of an error; INTERNAL for any error but a ConnectorError. */
export function sendProblem(error: unknown, request: FastifyRequest, reply: FastifyReply): void {
  // Without credentials nobody learns whether a route exists.
  const isRefused = error instanceof ConnectorError && error.code === 'DOOR_CLOSED'
  const action = isRefused ? null : (request.routeOptions.config.action ?? null)
  const problem = writeProblem(error, { path: pathOf(request), action, requestId: request.id })
  // An error after the caller hung up may be a consequence of that.
  if (problem.code === 'INTERNAL' && !reply.raw.destroyed) {
    request.log.error({ err: error }, 'the connector failed')
  }
  reply.problemCode = problem.code
  const seconds = secondsToWait(error)
  if (seconds !== null) reply.header('Retry-After', seconds)
  reply
    .code(problem.statusCode)
    .header(PROBLEM_KIND_HEADER, problem.kind)
    .type('application/json; charset=utf-8')
    .serializer(JSON.stringify)
    .send(problem)
}

/** Value of `Retry-After`: the error's own, else that of the API's answer. */
function secondsToWait(error: unknown): number | null {
  if (!(error instanceof ConnectorError)) return null
  const relayed = retryAfterSeconds(error.upstream?.headers['retry-after'], Date.now())
  return error.retryAfterSeconds ?? relayed
}

/** The problem for a path without a route. */
export function routeUnknown(request: FastifyRequest): ConnectorError {
  return new ConnectorError('ROUTE_UNKNOWN', { method: request.method, path: pathOf(request) })
}

function pathOf({ url }: FastifyRequest): string {
  return url.split('?', 1)[0] ?? url
}

/** Converts errors of Fastify and Node; returns others unchanged. */
function fromFastifyError(error: unknown, request: FastifyRequest, maxBodyBytes: number): unknown {
  if (error === request.raw.errored) return new ConnectorError('REQUEST_MALFORMED')
  switch (errorCode(error)) {
    case 'FST_ERR_CTP_BODY_TOO_LARGE':
      return new ConnectorError('BODY_TOO_LARGE', { limit: maxBodyBytes })
    case 'FST_ERR_CTP_INVALID_MEDIA_TYPE':
    case 'FST_ERR_CTP_INVALID_CONTENT_LENGTH':
      return request.is404 ? routeUnknown(request) : new ConnectorError('BODY_NOT_JSON')
    default:
      return error
  }
}
