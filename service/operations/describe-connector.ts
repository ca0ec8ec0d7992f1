import type { OpenConnector } from '../documents/open-document.ts'
import type { Diagnostic } from '../model/diagnostic.ts'
import { documentDiagnostic } from '../model/diagnostic.ts'
import { addedHosts, originScope } from './approved-origins.ts'
import { credentialDiagnostics } from './credential-diagnostics.ts'
import {
  callerAccess,
  CONFIGURATION_VALUES,
  documentRequest,
  schemaUrlOf
} from './configuration.ts'
import type { UnknownFields } from './first-page-fields.ts'
import { completeTypes } from './first-page-fields.ts'
import { hasLogin, openSession } from './open-session.ts'
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
  return (await describeDocument(ports, caller)).description
}

/** The same, with the model that is described; null without a Schema URL. @throws ConnectorError the same. */
export async function describeDocument(
  ports: Ports,
  caller: Caller
): Promise<{
  readonly description: ConnectorDescription
  readonly model: OpenConnector['model'] | null
}> {
  const configurationValues = CONFIGURATION_VALUES
  const request = documentRequest(caller.configuration)
  if (request === null) {
    const nothing = { types: NO_TYPES, diagnostics: [], providesIdentity: true }
    return { description: { configurationValues, ...nothing }, model: null }
  }
  const access = callerAccess(caller, ports.settings)
  // An install waits for the current version of the document.
  const opening = { owner: caller.owner, signal: caller.deadline.signal, mustRevalidate: true }
  const { model, stale } = await ports.open(request, opening)
  const { origins, documentUrl } = model.index
  const first = await ports.origins.first(originScope(caller), origins, true)
  const added = addedHosts(origins, first, access).map(host =>
    documentDiagnostic('ORIGIN_ADDED', { host }, documentUrl)
  )
  const unused = credentialDiagnostics(model.index, access)
  const { types, unknown } = await describedTypes(ports, caller, model)
  const untold = unknown.map(holes =>
    documentDiagnostic('MANIFEST_FIELDS_UNKNOWN', holes, documentUrl)
  )
  const kept = keptDiagnostics(ports, caller, documentUrl)
  const own = [...kept, ...added, ...unused, ...untold, ...stale]
  const description = {
    configurationValues,
    types,
    diagnostics: [...own, ...model.diagnostics()],
    providesIdentity: hasLogin(model, access)
  }
  return { description, model }
}

/** Says of a document that is kept for trying when it is gone. */
function keptDiagnostics({ kept }: Ports, { configuration }: Caller, file: string): Diagnostic[] {
  const until = kept.until(schemaUrlOf(configuration))
  if (until === undefined) return []
  return [documentDiagnostic('DOCUMENT_KEPT', { until: new Date(until).toISOString() }, file)]
}

/** The types as they are compiled; those of a manifest without `schema` with the fields of their first pages. */
async function describedTypes(
  ports: Ports,
  caller: Caller,
  model: OpenConnector['model']
): Promise<Pick<ConnectorDescription, 'types'> & { readonly unknown: readonly UnknownFields[] }> {
  if (model.index.needsFirstPages !== true) return { types: model.description, unknown: [] }
  const types = model.index.types.flatMap(name => model.types.get(name) ?? [])
  return completeTypes(await openSession(ports, caller), types)
}
