import type { FastifyInstance, FastifyLoggerOptions } from 'fastify'

import type { LogDestination } from './log-output.ts'
import { logOutput } from './log-output.ts'

/**
 * Options of the logger. Lines never contain a body, a query, a header, or an error's message, which may
 * quote input.
 */
export function loggerOptions(
  level: string,
  destination: LogDestination = logOutput()
): FastifyLoggerOptions & { stream: LogDestination } {
  return {
    level,
    serializers: { req: ({ method }) => ({ method }), err: describeError },
    stream: destination
  }
}

/** Logs each request once it is answered, with its route's pattern instead of its path. */
export function addRequestLog(app: FastifyInstance): void {
  app.addHook('onResponse', (request, reply, done) => {
    request.log.info(
      {
        method: request.method,
        route: request.routeOptions.url ?? null,
        status: reply.statusCode,
        ms: Math.round(reply.elapsedTime),
        ...(reply.problemCode !== null && { code: reply.problemCode })
      },
      'request completed'
    )
    done()
  })
}

/** An error's name and stack frames, without its message. */
export function describeError(error: unknown): { type: string; message: string; stack: string } {
  const { name, stack = '' } = error instanceof Error ? error : { name: typeof error }
  const frames = stack.split('\n').filter(line => /^\s+at /.test(line))
  return { type: name, message: name, stack: frames.join('\n') }
}
