import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { LRUCache } from 'lru-cache'

import type { Owner } from '../base/owner.ts'
import { ownerKey } from '../base/owner.ts'
import { createFairQueue, type FairQueue } from '../base/fair-queue.ts'
import type { SlidingWindow } from '../base/sliding-window.ts'
import { createSlidingWindow } from '../base/sliding-window.ts'
import { ConnectorError } from '../errors.ts'
import { withDeadline } from '../time/deadline.ts'
import { readOwner } from '../protocol/caller.ts'
import type { Settings } from '../settings.ts'
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

/** Maximum tenants whose rate is tracked; the least recently active one is dropped. */
const TENANTS_MAX = 10_000

/**
 * Limits flow requests: at most `MAX_IN_FLIGHT` run at once, shared fairly among tenants, and each tenant
 * may send `TENANT_REQUESTS_PER_SECOND`. A request keeps its slot until its handler ends, even if the caller
 * hangs up.
 *
 * Answers TENANT_BUSY, TENANT_RATE_LIMITED, and FLOW_TIMEOUT when no slot is free in time.
 */
export function addFairness(app: FastifyInstance, settings: Settings): void {
  const queue = createFairQueue({ running: settings.MAX_IN_FLIGHT, waiting: QUEUE_MAX })
  const checkRate = createRateCheck(settings.TENANT_REQUESTS_PER_SECOND)
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
      const slot = enterQueue(queue, owner, request, reply, settings.FLOW_TIMEOUT_MS)
      const leave = slot instanceof Promise ? await slot : slot
      try {
        return await handler.call(this, request, reply)
      } finally {
        leave()
      }
    }
  })
}

/** Waits for a slot. Returns a function that frees it. */
function enterQueue(
  queue: FairQueue,
  owner: Owner,
  request: FastifyRequest,
  reply: FastifyReply,
  limitMs: number
): (() => void) | Promise<() => void> {
  let isRunning = false
  let run = (): void => {}
  const leave = queue.enter(owner, () => {
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
  const caller = new AbortController()
  onHangUp(reply, () => caller.abort())
  const started = withDeadline(
    limitMs,
    caller.signal,
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

/** Returns a check that throws TENANT_RATE_LIMITED above the limit. Refused requests do not count. */
function createRateCheck(limit: number | undefined): (owner: Owner) => void {
  if (limit === undefined) return () => {}
  const windows = new LRUCache<string, SlidingWindow>({ max: TENANTS_MAX })
  return owner => {
    const key = ownerKey(owner)
    const window = windows.get(key) ?? createSlidingWindow(limit, 1000)
    windows.set(key, window)
    const now = performance.now()
    const next = window.next(now)
    if (next > now) {
      const seconds = Math.max(1, Math.ceil((next - now) / 1000))
      const retry = { retryAfterSeconds: seconds }
      throw new ConnectorError('TENANT_RATE_LIMITED', { limit, seconds }, retry)
    }
    window.take(next, now)
  }
}
