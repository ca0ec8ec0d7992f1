import type { Connector } from '../../connector.ts'
import { createConnector } from '../../connector.ts'
import type { Exchange } from '../../exchange/types.ts'
import type { TlsTrust } from '../../net/egress.ts'
import type { Settings } from '../../settings.ts'
import { commandSettings } from '../document/command-settings.ts'
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
  const isolated = commandSettings(settings, urls)
  const warn = (message: string): void => log.write('warn', `warning: ${message}`)
  let opened: Promise<Connector> | undefined
  return {
    exchange: log.watch(async (plan, context) => {
      opened ??= createConnector(isolated, { warn, info: () => {} }, { tls })
      return (await opened).ports.live(plan, context)
    }),
    async close() {
      await (await opened)?.close()
    }
  }
}
