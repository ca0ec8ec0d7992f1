import { getHeapStatistics } from 'node:v8'

import underPressure from '@fastify/under-pressure'
import type { FastifyInstance } from 'fastify'

import { ConnectorError } from '../errors.ts'
import { isFlowRoute } from './flow-route.ts'

/** Where flow requests begin to be refused. */
export type SheddingLimits = {
  /** Milliseconds by which the event loop is late, on average of the last second. */
  readonly loopDelayMs: number
  /** Bytes of the heap in use. */
  readonly heapBytes: number
  /** Bytes of the whole process; 0 for no limit. */
  readonly processBytes: number
}

const LOOP_DELAY_MAX_MS = 250

/** Share of a limit on memory that may be in use. */
const MEMORY_SHARE = 0.9

const RETRY_AFTER_S = 2

/**
 * Refuses flow requests with OVERLOADED while the process cannot keep up (design 4), by the lateness of its
 * event loop and its memory; never by how busy it is. All other routes, health first, go on answering.
 */
export function addShedding(app: FastifyInstance, limits: SheddingLimits): void {
  app.register(underPressure, {
    maxEventLoopDelay: limits.loopDelayMs,
    maxHeapUsedBytes: limits.heapBytes,
    maxRssBytes: limits.processBytes,
    pressureHandler: async (request, _, type) => {
      if (request.is404 || !isFlowRoute(request.routeOptions.config)) return
      const reason =
        type === 'eventLoopDelay' ? 'it is late with everything' : 'its memory is nearly full'
      throw new ConnectorError('OVERLOADED', { reason }, { retryAfterSeconds: RETRY_AFTER_S })
    }
  })
}

/** The limits of this process: its heap's, and its container's where it has one. */
export function processLimits(): SheddingLimits {
  // Without a limit Node says 0, or a number that no machine has.
  const container = process.constrainedMemory()
  return {
    loopDelayMs: LOOP_DELAY_MAX_MS,
    heapBytes: getHeapStatistics().heap_size_limit * MEMORY_SHARE,
    processBytes: Number.isSafeInteger(container) ? container * MEMORY_SHARE : 0
  }
}
