import type { FastifyInstance } from 'fastify'

import { ConnectorError } from '../errors.ts'
import { isFlowRoute } from './flow-route.ts'
import type { PressureLimits } from './pressure.ts'
import { createPressureGauge } from './pressure.ts'

const REASONS = { time: 'its event loop is late', memory: 'its memory is nearly full' }

const RETRY_AFTER_S = 2

/**
 * Refuses flow requests with OVERLOADED while the process cannot keep up (design 4), by the lateness of
 * its event loop and its memory; never by how busy it is. All other routes, health first, go on answering.
 */
export function addShedding(app: FastifyInstance, limits: PressureLimits): void {
  const gauge = createPressureGauge(limits)
  app.addHook('onClose', async () => gauge.stop())
  app.addHook('onRequest', (request, _, done) => {
    const pressure = gauge.read()
    if (pressure === null || request.is404 || !isFlowRoute(request.routeOptions.config)) {
      return done()
    }
    const reason = REASONS[pressure]
    done(new ConnectorError('OVERLOADED', { reason }, { retryAfterSeconds: RETRY_AFTER_S }))
  })
}
