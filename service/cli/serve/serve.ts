import type { AddressInfo } from 'node:net'
import { setTimeout as wait } from 'node:timers/promises'

import { createApp } from '../../app.ts'
import type { ConnectorLog } from '../../connector.ts'
import { createCompiler, createConnector } from '../../connector.ts'
import { readSampleFile } from '../../documents/sample-files.ts'
import { doorNotices } from '../../plugins/door.ts'
import { rateNotices } from '../../plugins/request-rates.ts'
import type { Settings } from '../../settings.ts'
import type { Listening } from '../../plugins/listen.ts'
import { listen } from '../../plugins/listen.ts'
import type { ExitCode, Terminal } from '../terminal.ts'
import { CommandError, systemReason } from '../terminal.ts'

/** A service that listens. */
export type RunningService = {
  /** URL on this machine, for the flow platform. */
  readonly url: string
  /** Answers readiness probes with 503, and waits for load balancers to notice before it resolves. */
  drain(): Promise<void>
  /** Stops accepting requests, gives running ones `SHUTDOWN_GRACE_MS` to end, and releases all resources. */
  stop(): Promise<void>
  /** Logs an uncaught failure and stops. */
  fail(failure: unknown): Promise<void>
}

/** Maximum duration of `drain` (ms). */
const DRAIN_MAX_MS = 5_000

/** Maximum time for running requests to end after an uncaught failure (ms). */
const FAILURE_GRACE_MS = 2_000

/**
 * `openapi-flow serve`: runs the service until it is stopped (docs/running.md#stopping).
 *
 * @returns 0 after a signal, 1 after an uncaught failure.
 * @throws CommandError when it cannot listen on `HOST` and `PORT`.
 */
export async function serve(settings: Settings, terminal: Terminal): Promise<ExitCode> {
  const service = await startService(settings).catch((error: unknown) => {
    throw listenError(error, settings)
  })
  for (const notice of [...doorNotices(settings), ...rateNotices(settings)]) terminal.err(notice)
  terminal.out(`openapi-flow listens at ${service.url}`)
  const reason = await terminal.untilStopped()
  if (typeof reason === 'object') {
    await service.fail(reason.failure)
    return 1
  }
  // SIGINT comes from a terminal: there is no load balancer, and somebody waits.
  if (reason === 'SIGTERM') await service.drain()
  await service.stop()
  return 0
}

/**
 * Starts the service and listens.
 *
 * @throws SettingsError; an Error with a system `code` when it cannot listen on `HOST` and `PORT`; an Error
 *   when no compile process starts.
 */
export async function startService(settings: Settings): Promise<RunningService> {
  const log: ConnectorLog = {
    warn: (message, facts) => app.log.warn(facts, message),
    info: (message, facts) => app.log.info(facts, message)
  }
  const compiler = createCompiler(settings, log.warn)
  const connector = await createConnector(settings, log, { compiler })
  const { operations, redisState, observer } = connector
  let isStopping = false
  const ports = { settings, operations, redisState, observer, readSampleFile }
  const app = createApp({ ...ports, isStopping: () => isStopping })
  let graceMs = settings.SHUTDOWN_GRACE_MS
  app.addHook('onSend', (_request, reply, _payload, done) => {
    // Kept-alive connections would delay the stop.
    if (isStopping) reply.header('connection', 'close')
    done()
  })
  let listening: Listening
  try {
    await compiler.prepare()
    listening = await listen(app, { port: settings.PORT, host: settings.HOST })
  } catch (error) {
    await connector.close()
    throw error
  }
  if (settings.EGRESS_ALLOW !== '') {
    app.log.info({ EGRESS_ALLOW: settings.EGRESS_ALLOW }, 'private addresses may be called')
  }
  const stop = async (): Promise<void> => {
    isStopping = true
    const grace = setTimeout(() => app.server.closeAllConnections(), graceMs)
    await app.close()
    await listening.ended()
    clearTimeout(grace)
    await connector.close()
  }
  return {
    url: urlOf(listening.address, settings.BASE_PATH),
    async drain() {
      isStopping = true
      const drainMs = Math.min(DRAIN_MAX_MS, graceMs / 2)
      graceMs -= drainMs
      await wait(drainMs)
    },
    stop,
    fail(failure) {
      app.log.fatal({ err: failure }, 'uncaught failure, the service stops')
      graceMs = Math.min(graceMs, FAILURE_GRACE_MS)
      return stop()
    }
  }
}

function listenError(error: unknown, { HOST, PORT }: Settings): unknown {
  const reason = systemReason(error)
  if (reason === undefined) return error
  return new CommandError(
    `cannot listen on HOST ${HOST}, PORT ${PORT}: ${reason}\n    Set HOST or PORT to another value.`
  )
}

function urlOf(address: AddressInfo, basePath: string): string {
  const isWildcard = address.address === '0.0.0.0' || address.address === '::'
  const host = isWildcard
    ? 'localhost'
    : address.family === 'IPv6'
      ? `[${address.address}]`
      : address.address
  return `http://${host}:${address.port}${basePath}`
}
