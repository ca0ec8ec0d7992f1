import type { FastifyReply, FastifyRequest } from 'fastify'

import type { Caller } from '../operations/types.ts'
import type { CallerBody } from '../protocol/caller.ts'
import { readCaller } from '../protocol/caller.ts'
import { hangUpSignal } from './hang-up.ts'

/** Who sent a request, and whether they still wait for its answer. */
export function callerOf(request: FastifyRequest, body: CallerBody, reply: FastifyReply): Caller {
  const { headers, doorToken, waitedMs } = request
  return readCaller({ headers, body, doorToken, waitedMs, signal: hangUpSignal(reply) })
}
