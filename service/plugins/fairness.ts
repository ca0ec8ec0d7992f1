import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'

import type { FairQueue } from '../base/fair-queue.ts'
import { createFairQueue } from '../base/fair-queue.ts'
import type { Owner } from '../base/owner.ts'
import { ConnectorError } from '../errors.ts'
import { readOwner } from '../protocol/caller.ts'
import type { Settings } from '../settings.ts'
import { withDeadline } from '../time/deadline.ts'
import { doorShare } from './door.ts'
import { createReadingWatch } from './reading-watch.ts'
import { createRateCheck } from './request-rates.ts'
import { isFlowRoute } from './shedding.ts'
import { onHangUp } from './time-limit.ts'

declare module 'fastify' {
  interface FastifyRequest {
    /** Who causes the cost of the request; null before the handler runs. */
    owner: Owner | null
    /** How long the request waited for its slot (ms). */
    waitedMs: number
  }
}

/** Maximum queued requests of one tenant. */
const QUEUE_MAX = 128

const RETRY = { retryAfterSeconds: 1 }

/**
 * Limits flow requests (docs/running.md#tenants-and-fairness): at most `MAX_IN_FLIGHT` run at once, shared fairly
 * among door tokens and below them among tenants, and each may send so many per second. A request keeps its slot
 * until its handler has ended and its answer is out, or the connection is closed.
 *
 * Answers TENANT_BUSY, SERVICE_BUSY, DOOR_RATE_LIMITED, TENANT_RATE_LIMITED, and FLOW_TIMEOUT when no slot is free in time.
 */
export function addFairness(app: FastifyInstance, settings: Settings): void {
  const { MAX_IN_FLIGHT, WAITING_MAX, FLOW_TIMEOUT_MS } = settings
  const queue = createFairQueue({
    running: MAX_IN_FLIGHT,
    runningOfDoor: Math.max(1, Math.floor(MAX_IN_FLIGHT * doorShare(settings))),
    waiting: WAITING_MAX,
    waitingOfOwner: QUEUE_MAX
  })
  const enterQueue = createEntrance(queue, FLOW_TIMEOUT_MS, WAITING_MAX)
  const readingWatch = createReadingWatch(app, settings)
  const checkRate = createRateCheck(settings)
  let isClosing = false
  app.addHook('preClose', async () => {
    isClosing = true
  })
  app.decorateRequest('owner', null)
  app.decorateRequest('waitedMs', 0)
  app.addHook('onRoute', route => {
    if (!isFlowRoute(route.config)) return
    const { handler } = route
    route.handler = async function (request, reply) {
      const { headers, body, doorToken } = request
      const owner = readOwner({ headers, body, doorToken })
      request.owner = owner
      checkRate(owner)
      const slot = enterQueue(owner, request, reply)
      const leave = slot instanceof Promise ? await slot : slot
      try {
        return await handler.call(this, request, reply)
      } finally {
        // What has waited is answered while the service closes, which then waits for idle connections.
        if (isClosing) reply.header('connection', 'close')
        readingWatch.onRead(reply, leave)
      }
    }
  })
}

/** Returns a function that waits for a slot and returns what frees it. */
function createEntrance(queue: FairQueue, limitMs: number, waitingMax: number) {
  const refusals = {
    owner: () => new ConnectorError('TENANT_BUSY', { limit: QUEUE_MAX }, RETRY),
    all: () => new ConnectorError('SERVICE_BUSY', { limit: waitingMax }, RETRY)
  }
  return (
    owner: Owner,
    request: FastifyRequest,
    reply: FastifyReply
  ): (() => void) | Promise<() => void> => {
    let isRunning = false
    let run = (): void => {}
    let drop = (): void => {}
    const leave = queue.enter(owner, {
      start() {
        isRunning = true
        run()
      },
      drop: () => drop()
    })
    if (typeof leave === 'string') throw refusals[leave]()
    if (isRunning) return leave

    const asked = performance.now()
    const gone = new AbortController()
    drop = () => gone.abort(refusals.all())
    const late = (): ConnectorError =>
      new ConnectorError('FLOW_TIMEOUT', { limit: limitMs, reached: 'it was still queued' })
    onHangUp(reply, () => gone.abort())
    const started = withDeadline(
      limitMs,
      gone.signal,
      late,
      signal =>
        new Promise<void>((resolve, reject) => {
          run = resolve
          signal.addEventListener('abort', () => reject(signal.reason))
        })
    )
    return started.then(
      () => {
        request.waitedMs = performance.now() - asked
        return leave
      },
      error => {
        leave()
        throw error
      }
    )
  }
}
