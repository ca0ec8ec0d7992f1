import { createOwner } from '../../base/owner.ts'
import type { Connector } from '../../connector.ts'
import { createConnector } from '../../connector.ts'
import { packModel, unpackModel } from '../../model/packed-model.ts'
import { callerAccess, documentRequest } from '../../operations/configuration.ts'
import { openSession } from '../../operations/open-session.ts'
import type { Ports, Session } from '../../operations/session.ts'
import type { Caller, ConfigurationValues } from '../../operations/types.ts'
import type { CommandContext } from '../command.ts'
import { commandSettings } from '../document/command-settings.ts'
import type { CommandDocument } from '../document/read-document.ts'
import { readDocument } from '../document/read-document.ts'
import { environmentVariables } from './environment-variables.ts'
import { namedUrls } from './named-urls.ts'

/** The document of a command, ready for use cases. */
export type OpenCommand = {
  readonly read: CommandDocument
  /** With the command's document in place of hosted ones. */
  readonly ports: Ports
  readonly caller: Caller
  readonly session: Session
  close(): Promise<void>
}

/** The only tenant of a command. */
const OWNER = createOwner(null, '-')

/**
 * Opens the DOC of a command. A command has no deadline, only the signal that ends it, and shares no state with a
 * service that may run in the same environment. It may call private addresses that the user named
 * (docs/running.md#what-may-be-called).
 *
 * @param signal Aborts all calls.
 * @param overlays Applied after those of the configuration, each a URL, `sample:<name>` or a file.
 * @throws ConnectorError for an unusable document or configuration; CommandError for an unreadable file.
 */
export async function openCommand(
  location: string,
  configuration: ConfigurationValues,
  signal: AbortSignal,
  { settings, terminal, rateLimit }: CommandContext,
  overlays: readonly string[] = []
): Promise<OpenCommand> {
  const values = { ...configuration, 'schema url': location }
  const { compiling, token = null, overlays: configured = [] } = documentRequest(values) ?? {}
  const read = await readDocument(location, settings, terminal, {
    compiling,
    token,
    overlays: [...configured.map(each => ('url' in each ? each.url : each)), ...overlays]
  })
  const given = {
    configuration: values,
    variables: environmentVariables(read.model, terminal.environment)
  }
  const urls = [...read.urls, ...namedUrls(read, callerAccess(given, settings))]
  const connector = await createConnector(
    commandSettings(settings, urls),
    { warn: message => terminal.err(`warning: ${message}`), info: () => {} },
    { ...(rateLimit !== undefined && { rateLimit }) }
  )
  const model = unpackModel(packModel(read.model, '[]'))
  const ports: Ports = { ...connector.ports, open: () => ({ model, stale: [] }) }
  const caller: Caller = {
    owner: OWNER,
    stateId: null,
    ...given,
    user: {},
    token: null,
    deadline: { signal, reached: '', timeLeftMs: () => Number.POSITIVE_INFINITY }
  }
  const session = await opened(connector, () => openSession(ports, caller))
  return { read, ports, caller, session, close: connector.close }
}

async function opened(connector: Connector, open: () => Promise<Session>): Promise<Session> {
  try {
    return await open()
  } catch (error) {
    await connector.close()
    throw error
  }
}
