import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { LRUCache } from 'lru-cache'

import { createFairQueue, type FairQueue } from '../base/fair-queue.ts'
import { ConnectorError } from '../errors.ts'
import type { Turns } from '../exchange/conduct/turns.ts'
import { createTurns } from '../exchange/conduct/turns.ts'
import { withDeadline } from '../time/deadline.ts'
import { readTenant } from '../protocol/caller.ts'
import type { Settings } from '../settings.ts'
import { isFlowRoute } from './flow-route.ts'
import { hangUpSignal } from './hang-up.ts'

declare module 'fastify' {
  interface FastifyRequest {
    /** Milliseconds that the request waited for its turn. */
    waitedMs: number
  }
}

type FairnessSettings = Pick<
  Settings,
  'MAX_IN_FLIGHT' | 'TENANT_REQUESTS_PER_SECOND' | 'FLOW_TIMEOUT_MS'
>

/** Requests that each tenant may have waiting. */
const QUEUE_MAX = 128

/** Tenants whose requests of the last second are known; the one that was quiet for longest makes room. */
const TENANTS_MAX = 10_000

/**
 * Lets flow requests run by turns (design 4): at most `MAX_IN_FLIGHT` at once, shared fairly among
 * tenants, and of each tenant at most `TENANT_REQUESTS_PER_SECOND`. A request has its turn until its
 * handler is through, also when its caller hung up.
 *
 * Answers TENANT_BUSY, TENANT_RATE_LIMITED, and FLOW_TIMEOUT for a turn that does not come in time.
 */
export function addFairness(app: FastifyInstance, settings: FairnessSettings): void {
  const queue = createFairQueue({ running: settings.MAX_IN_FLIGHT, waiting: QUEUE_MAX })
  const checkRate = createRateCheck(settings.TENANT_REQUESTS_PER_SECOND)
  app.decorateRequest('waitedMs', 0)
  app.addHook('onRoute', route => {
    if (!isFlowRoute(route.config)) return
    const { handler } = route
    route.handler = async function (request, reply) {
      const { headers, body, doorToken } = request
      const tenant = readTenant({ headers, body, doorToken })
      checkRate(tenant)
      const turn = turnOf(queue, tenant, request, reply, settings.FLOW_TIMEOUT_MS)
      const leave = turn instanceof Promise ? await turn : turn
      try {
        return await handler.call(this, request, reply)
      } finally {
        leave()
      }
    }
  })
}

/** Gives what ends the turn of a request, once it has come. */
function turnOf(
  queue: FairQueue,
  tenant: string,
  request: FastifyRequest,
  reply: FastifyReply,
  limitMs: number
): (() => void) | Promise<() => void> {
  let isRunning = false
  let run = (): void => {}
  const leave = queue.enter(tenant, () => {
    isRunning = true
    run()
  })
  if (leave === null) {
    throw new ConnectorError('TENANT_BUSY', { limit: QUEUE_MAX }, { retryAfterSeconds: 1 })
  }
  if (isRunning) return leave

  const asked = performance.now()
  const late = (): ConnectorError =>
    new ConnectorError('FLOW_TIMEOUT', { limit: limitMs, reached: 'it was still queued' })
  const turn = withDeadline(
    limitMs,
    hangUpSignal(reply),
    late,
    signal =>
      new Promise<void>((resolve, reject) => {
        run = resolve
        signal.addEventListener('abort', () => reject(signal.reason))
      })
  )
  return turn.then(
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

/** Counts the requests of each tenant; throws TENANT_RATE_LIMITED for one too many, which does not count. */
function createRateCheck(limit: number | undefined): (tenant: string) => void {
  if (limit === undefined) return () => {}
  const tenants = new LRUCache<string, Turns>({ max: TENANTS_MAX })
  return tenant => {
    const turns = tenants.get(tenant) ?? createTurns(limit, 1000)
    tenants.set(tenant, turns)
    const now = performance.now()
    const turn = turns.next(now)
    if (turn > now) {
      const seconds = Math.max(1, Math.ceil((turn - now) / 1000))
      const retry = { retryAfterSeconds: seconds }
      throw new ConnectorError('TENANT_RATE_LIMITED', { limit, seconds }, retry)
    }
    turns.take(turn)
  }
}
