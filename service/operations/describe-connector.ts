import { documentDiagnostic } from '../model/diagnostic.ts'
import { addedHosts } from './approved-origins.ts'
import { apiAccess, CONFIGURATION_VALUES, documentRequest } from './configuration.ts'
import type { FlowCaller } from './flow-deadline.ts'
import { hasLogin, loginScope } from './login-methods.ts'
import type { Ports } from './session.ts'
import type { ConnectorDescription } from './types.ts'

const NO_TYPES = Buffer.from('[]')

/**
 * Describes the connector (protocol 3): its configuration values and, when a Schema URL is
 * configured, the types and diagnostics of the document. Never asks for a credential.
 *
 * @throws ConnectorError `URL_INVALID`, `SAMPLE_UNKNOWN`, `CONFIG_INVALID`, `DOCUMENT_*`, so that the
 *   author sees why there is nothing to install.
 */
export async function describeConnector(
  ports: Ports,
  caller: FlowCaller
): Promise<ConnectorDescription> {
  const configurationValues = CONFIGURATION_VALUES
  const request = documentRequest(caller.configuration)
  if (request === null) {
    return { configurationValues, types: NO_TYPES, diagnostics: [], providesIdentity: true }
  }
  const access = apiAccess(caller.configuration, ports.settings)
  // Whoever installs wants the document as it is now.
  const opening = { owner: caller.tenant, signal: caller.signal, mustRevalidate: true }
  const { model, stale } = await ports.open(request, opening)
  const { origins, documentUrl } = model.index
  const first = await ports.origins.first(loginScope(caller), origins)
  const added = addedHosts(origins, first, access).map(host =>
    documentDiagnostic('ORIGIN_ADDED', { host }, documentUrl)
  )
  return {
    configurationValues,
    types: await model.description(),
    diagnostics: [...added, ...stale, ...model.diagnostics()],
    providesIdentity: hasLogin(model, access)
  }
}
