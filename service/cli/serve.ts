import type { AddressInfo } from 'node:net'

import { createApp } from '../app.ts'
import { createConnector, readSampleFile } from '../connector.ts'
import type { Settings } from '../settings.ts'
import { CommandError, systemReason } from './command-error.ts'

/** A service that listens. */
export type RunningService = {
  /** The URL to give to the flow platform, seen from this machine. */
  readonly url: string
  /** Takes no new request, lets running ones end for `SHUTDOWN_GRACE_MS`, then lets go of everything. */
  stop(): Promise<void>
}

/** Starts the service and listens. */
export async function startService(settings: Settings): Promise<RunningService> {
  const connector = await createConnector(settings, (message, facts) =>
    app.log.warn(facts, message)
  )
  const app = createApp({ settings, operations: connector.operations, readSampleFile })
  await app.listen({ port: settings.PORT, host: settings.HOST })
  return {
    url: urlOf(app.server.address(), settings.BASE_PATH),
    async stop() {
      const grace = setTimeout(() => app.server.closeAllConnections(), settings.SHUTDOWN_GRACE_MS)
      await app.close()
      clearTimeout(grace)
      await connector.close()
    }
  }
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
