import type { FastifyReply, FastifyRequest } from 'fastify'

import type { Caller } from '../operations/types.ts'
import type { CallerBody } from '../protocol/caller.ts'
import { readCaller } from '../protocol/caller.ts'

/** Who sent a request, and whether they still wait for its answer. */
export function callerOf(request: FastifyRequest, body: CallerBody, reply: FastifyReply): Caller {
  return readCaller({ headers: request.headers, body, signal: hangUpSignal(reply) })
}

/**
 * Aborts when the connection ends before the answer is written. (`request.signal` of Fastify watches
 * the request, whose end is over once its body is read.)
 */
function hangUpSignal({ raw }: FastifyReply): AbortSignal {
  const controller = new AbortController()
  raw.once('close', () => {
    if (!raw.writableFinished) controller.abort()
  })
  return controller.signal
}
