import { documentDiagnostic } from '../model/diagnostic.ts'
import { addedHosts, loginScope } from './approved-origins.ts'
import { credentialDiagnostics } from './credential-diagnostics.ts'
import { apiAccess, CONFIGURATION_VALUES, documentRequest } from './configuration.ts'
import { hasLogin } from './open-session.ts'
import type { Ports } from './session.ts'
import type { ConnectorDescription, Caller } from './types.ts'

const NO_TYPES = Buffer.from('[]')

/**
 * Describes the connector (docs/protocol.md#describe-and-install): its configuration values and, if a Schema
 * URL is configured, the types and diagnostics of the document. Needs no credential.
 *
 * @throws ConnectorError `URL_INVALID`, `SAMPLE_UNKNOWN`, `CONFIG_INVALID`, `DOCUMENT_*`, so that the
 *   author sees why there is nothing to install.
 */
export async function describeConnector(
  ports: Ports,
  caller: Caller
): Promise<ConnectorDescription> {
  const configurationValues = CONFIGURATION_VALUES
  const request = documentRequest(caller.configuration)
  if (request === null) {
    return { configurationValues, types: NO_TYPES, diagnostics: [], providesIdentity: true }
  }
  const access = apiAccess(caller.configuration, ports.settings)
  // An install waits for the current version of the document.
  const opening = { owner: caller.owner, signal: caller.deadline.signal, mustRevalidate: true }
  const { model, stale } = await ports.open(request, opening)
  const { origins, documentUrl } = model.index
  const first = await ports.origins.first(loginScope(caller), origins, true)
  const added = addedHosts(origins, first, access).map(host =>
    documentDiagnostic('ORIGIN_ADDED', { host }, documentUrl)
  )
  const unused = credentialDiagnostics(model.index, access)
  return {
    configurationValues,
    types: model.description,
    diagnostics: [...added, ...unused, ...stale, ...model.diagnostics()],
    providesIdentity: hasLogin(model, access)
  }
}
