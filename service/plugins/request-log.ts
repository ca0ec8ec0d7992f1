import type { FastifyInstance, FastifyLoggerOptions } from 'fastify'

/** Where log lines go; the standard output by default. */
export type LogDestination = { write(line: string): void }

/**
 * The logger's options. A line holds chosen facts only: never a body, a query or a header, and of an
 * error its name and place, as its message can quote what was being read.
 */
export function loggerOptions(
  level: string,
  destination: LogDestination | undefined
): FastifyLoggerOptions & { stream?: LogDestination } {
  return {
    level,
    serializers: { req: ({ method }) => ({ method }), err: describeError },
    ...(destination && { stream: destination })
  }
}

/** Logs each request when it is answered: its route's pattern, never the path that was called. */
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
      'answered'
    )
    done()
  })
}

/** An error's name and frames, and never its message. */
export function describeError(error: unknown): { type: string; message: string; stack: string } {
  const { name, stack = '' } = error instanceof Error ? error : { name: typeof error }
  const frames = stack.split('\n').filter(line => /^\s+at /.test(line))
  return { type: name, message: name, stack: frames.join('\n') }
}
