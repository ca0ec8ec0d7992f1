import { ConnectorError } from '../../errors.ts'
import type { EndpointRecord } from '../../model/endpoint-record.ts'
import { serverUrl } from '../../plan/server-url.ts'
import type { ApiAccess } from '../../plan/types.ts'
import type { CommandDocument } from '../document/read-document.ts'

/**
 * The URLs that a user of a command names beside those that are written in the document
 * (docs/running.md#what-may-be-called): the `Server URL`, variables that are URLs and, of a document of the user's own,
 * the servers with their variables filled.
 */
export function namedUrls(
  { model, isLocal }: Pick<CommandDocument, 'model' | 'isLocal'>,
  access: ApiAccess
): string[] {
  const { documentUrl } = model.index
  const servers = isLocal ? Object.values(model.endpoints) : []
  return [
    access.serverUrl ?? '',
    ...Object.values(access.variables),
    ...servers.map(endpoint => filledServer(endpoint, documentUrl, access))
  ].filter(text => URL.canParse(text))
}

/** Blank where a variable has no value, which the call itself will tell. */
function filledServer(endpoint: EndpointRecord, documentUrl: string, access: ApiAccess): string {
  try {
    return serverUrl(endpoint, documentUrl, access)
  } catch (error) {
    if (error instanceof ConnectorError) return ''
    throw error
  }
}
