import type { FastifyInstance, FastifyReply } from 'fastify'

import type { FlowDeadline } from '../operations/flow-deadline.ts'
import { withFlowDeadline } from '../operations/flow-deadline.ts'

declare module 'fastify' {
  interface FastifyRequest {
    /** The deadline of the handler; null before the handler runs. */
    deadline: FlowDeadline | null
  }
}

/**
 * Gives each handler a deadline, and answers FLOW_TIMEOUT for one that ignores it. Fastify's `handlerTimeout`
 * will not do: it watches the request stream, which closes once the body is read.
 *
 * @param limitMs From the request's arrival: `FLOW_TIMEOUT_MS`.
 */
export function addTimeLimit(app: FastifyInstance, limitMs: number): void {
  app.decorateRequest('deadline', null)
  app.addHook('onRoute', route => {
    const { handler } = route
    route.handler = function (request, reply) {
      return withFlowDeadline(limitMs, request.waitedMs, deadline => {
        request.deadline = deadline
        onHangUp(reply, deadline.hangUp)
        return handler.call(this, request, reply)
      })
    }
  })
}

/**
 * Calls back when the connection closes before the answer is written. Fastify's `request.signal` will not do:
 * it watches the request stream, which closes once the body is read.
 */
export function onHangUp({ raw }: FastifyReply, callback: () => void): void {
  if (raw.destroyed) callback()
  raw.once('close', () => {
    if (!raw.writableFinished) callback()
  })
}
