import type { FastifyReply } from 'fastify'

/**
 * Aborts when the connection ends before the answer is written. (`request.signal` of Fastify watches
 * the request, whose end is over once its body is read.)
 */
export function hangUpSignal({ raw }: FastifyReply): AbortSignal {
  const controller = new AbortController()
  if (raw.destroyed) controller.abort()
  raw.once('close', () => {
    if (!raw.writableFinished) controller.abort()
  })
  return controller.signal
}
