import { compileCatalog } from '../../compiler/catalog/compile-catalog.ts'
import { ConnectorError } from '../../errors.ts'
import type { Exchange } from '../../exchange/types.ts'
import { locateDocument } from '../../ingest/locate-document.ts'
import type { CatalogSource } from '../../ingest/run-workflow.ts'
import { schemaUrlOf } from '../../ingest/workflow/workflow-faults.ts'
import type { Workflow } from '../../ingest/workflow/workflow.ts'
import type { Settings } from '../../settings.ts'
import { readDocument } from '../document/read-document.ts'
import type { Terminal } from '../terminal.ts'
import { CommandError } from '../terminal.ts'
import { tlsTrustOf } from './tls-trust.ts'

/** Where the connection is in a workflow file. */
const AT = 'serviceConnection.config'

/**
 * Makes the catalog of the document of a workflow.
 *
 * @param exchange Calls of AWS for the keys of a document in S3.
 */
export function createCatalogSource(
  workflow: Workflow,
  exchange: Exchange,
  settings: Settings,
  terminal: Terminal
): CatalogSource {
  const { serviceName, connection } = workflow
  const { verifySSL, sslConfig, docURL, token = null } = connection
  const filePath = connection.openAPISchemaConnection?.openAPISchemaFilePath
  return async () => {
    const location = await locateDocument(connection, terminal.environment, exchange)
    const config = { verifySSL, sslConfig }
    const tls = await tlsTrustOf(config, AT, location, settings, terminal.directory)
    const isUrl = schemaUrlOf(connection) !== null
    const reading = { token: isUrl ? token : null, ...(tls && { tls }) }
    const { document, model, url } = await readDocument(
      location,
      settings,
      terminal,
      reading
    ).catch((error: unknown) => {
      // The run goes on to its report, and tells its pipeline.
      if (!(error instanceof CommandError)) throw error
      throw new ConnectorError('DOCUMENT_UNREACHABLE', { url: location, reason: error.message })
    })
    return compileCatalog(document, model, {
      serviceName,
      // The folder of a file differs between machines, and says nothing to others.
      documentUrl: (filePath && URL.parse(filePath, 'file:///')?.href) ?? url,
      ...(docURL !== undefined && { docUrl: new URL(docURL).href })
    })
  }
}
