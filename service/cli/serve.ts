import type { AddressInfo } from 'node:net'
import { setTimeout as wait } from 'node:timers/promises'

import { createApp } from '../app.ts'
import type { ConnectorLog } from '../connector.ts'
import { createCompiler, createConnector, readSampleFile } from '../connector.ts'
import { doorNotices } from '../plugins/door.ts'
import type { Settings } from '../settings.ts'
import { CommandError, systemReason } from './command-error.ts'
import type { ExitCode, StopReason, Terminal } from './terminal.ts'

/** A service that listens. */
export type RunningService = {
  /** The URL to give to the flow platform, seen from this machine. */
  readonly url: string
  /** Says that it is not ready, and takes requests until whoever asks for that knows. */
  drain(): Promise<void>
  /** Takes no new request, lets running ones end for `SHUTDOWN_GRACE_MS`, then lets go of everything. */
  stop(): Promise<void>
  /** Logs a failure that nobody has caught, after which nothing is certain, and stops. */
  fail(failure: unknown): Promise<void>
}

/** Milliseconds for which it is not ready before it takes no new request, at the most. */
const DRAIN_MAX_MS = 5_000

/** Milliseconds that running requests get to end after a failure, at the most. */
const FAILURE_GRACE_MS = 2_000

/**
 * `openapi-flow serve`: listens until it is told to stop.
 *
 * @returns 0 once running requests have ended; 1 when they had to because of a failure.
 * @throws CommandError naming the settings when it cannot listen at `HOST` and `PORT`.
 */
export async function serve(
  settings: Settings,
  terminal: Terminal,
  untilStopped: () => Promise<StopReason>
): Promise<ExitCode> {
  const service = await startService(settings).catch((error: unknown) => {
    throw refusedAddress(error, settings)
  })
  for (const notice of doorNotices(settings)) terminal.err(notice)
  terminal.out(`openapi-flow listens at ${service.url}`)
  const reason = await untilStopped()
  if (typeof reason === 'object') {
    await service.fail(reason.failure)
    return 1
  }
  // Before a terminal there is no balancer, but somebody who waits.
  if (reason === 'SIGTERM') await service.drain()
  await service.stop()
  return 0
}

/**
 * Starts the service and listens.
 *
 * @throws Error of the system, with its `code`, when it cannot listen at `HOST` and `PORT`; SettingsError; Error where
 *   no process that compiles starts.
 */
export async function startService(settings: Settings): Promise<RunningService> {
  const log: ConnectorLog = {
    warn: (message, facts) => app.log.warn(facts, message),
    info: (message, facts) => app.log.info(facts, message)
  }
  const compiler = createCompiler(settings, log.warn)
  const connector = await createConnector(settings, log, compiler)
  const { operations, redisState, observer } = connector
  let isStopping = false
  const ports = { settings, operations, redisState, observer, readSampleFile }
  const app = createApp({ ...ports, isStopping: () => isStopping })
  let graceMs = settings.SHUTDOWN_GRACE_MS
  app.addHook('onSend', async (_, reply) => {
    // A connection that is kept alive after its last answer would hold up the stop.
    if (isStopping) reply.header('connection', 'close')
  })
  try {
    await compiler.prepare()
    await app.listen({ port: settings.PORT, host: settings.HOST })
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
    clearTimeout(grace)
    await connector.close()
  }
  return {
    url: urlOf(app.server.address(), settings.BASE_PATH),
    async drain() {
      isStopping = true
      const drainMs = Math.min(DRAIN_MAX_MS, graceMs / 2)
      graceMs -= drainMs
      await wait(drainMs)
    },
    stop,
    fail(failure) {
      app.log.fatal({ err: failure }, 'the service has failed, and ends')
      graceMs = Math.min(graceMs, FAILURE_GRACE_MS)
      return stop()
    }
  }
}

function refusedAddress(error: unknown, { HOST, PORT }: Settings): unknown {
  const reason = systemReason(error)
  if (reason === undefined) return error
  return new CommandError(
    `HOST ${HOST} and PORT ${PORT} cannot be listened at: ${reason}\n    Set PORT or HOST to another one.`
  )
}

function urlOf(address: AddressInfo | string | null, basePath: string): string {
  if (address === null || typeof address === 'string') return String(address)
  const anywhere = address.address === '0.0.0.0' || address.address === '::'
  const host = anywhere
    ? 'localhost'
    : address.family === 'IPv6'
      ? `[${address.address}]`
      : address.address
  return `http://${host}:${address.port}${basePath}`
}
