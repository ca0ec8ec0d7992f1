import type { FastifyReply, FastifyRequest } from 'fastify'

import type { Caller } from '../operations/types.ts'
import type { CallerBody } from '../protocol/caller.ts'
import { readCaller } from '../protocol/caller.ts'

/** The caller of a request, with a signal that aborts when it hangs up. */
export function callerOf(request: FastifyRequest, body: CallerBody, reply: FastifyReply): Caller {
  const { headers, doorToken, waitedMs } = request
  return readCaller({ headers, body, doorToken, waitedMs, signal: hangUpSignal(reply) })
}

/**
 * Aborts when the connection closes before the answer is written. Fastify's `request.signal` will not do: it
 * watches the request stream, which closes once the body is read.
 */
export function hangUpSignal({ raw }: FastifyReply): AbortSignal {
  const controller = new AbortController()
  if (raw.destroyed) controller.abort()
  raw.once('close', () => {
    if (!raw.writableFinished) controller.abort()
  })
  return controller.signal
}
