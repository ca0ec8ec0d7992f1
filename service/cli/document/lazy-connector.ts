import type { Connector, ConnectorLog } from '../../connector.ts'
import type { TlsTrust } from '../../net/egress.ts'
import type { Settings } from '../../settings.ts'

/** The connector of a command, which is loaded and opened when it is needed first. */
export type LazyConnector = {
  open(): Promise<Connector>
  /** Closes it, if it was opened. */
  close(): Promise<void>
}

/**
 * @param urls What may be called although private.
 * @param tls Default: that of the settings.
 */
export function lazyConnector(
  settings: Settings,
  urls: readonly string[],
  warn: ConnectorLog['warn'],
  tls?: TlsTrust
): LazyConnector {
  let opened: Promise<Connector> | undefined
  const create = async (): Promise<Connector> => {
    const [{ createConnector }, { commandSettings }] = await Promise.all([
      import('../../connector.ts'),
      import('./command-settings.ts')
    ])
    return createConnector(commandSettings(settings, urls), { warn, info: () => {} }, { tls })
  }
  return {
    open() {
      opened ??= create()
      return opened
    },
    close: async () => (await opened)?.close()
  }
}
