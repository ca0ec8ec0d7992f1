import type { Exchange } from '../../exchange/types.ts'
import type { TlsTrust } from '../../net/egress.ts'
import type { Settings } from '../../settings.ts'
import { lazyConnector } from '../document/lazy-connector.ts'
import type { RunLog } from './run-log.ts'

/** The calls of a command to servers that its workflow names. */
export type CommandExchange = {
  readonly exchange: Exchange
  close(): Promise<void>
}

/**
 * Makes the exchange of a command, which is opened with its first call.
 *
 * @param urls What may be called although private.
 * @param tls Default: that of the settings.
 */
export function createCommandExchange(
  settings: Settings,
  urls: readonly string[],
  log: RunLog,
  tls?: TlsTrust
): CommandExchange {
  const warn = (message: string): void => log.write('warn', `warning: ${message}`)
  const { open, close } = lazyConnector(settings, urls, warn, tls)
  const exchange: Exchange = async (plan, context) => (await open()).ports.live(plan, context)
  return { exchange: log.watch(exchange), close }
}
