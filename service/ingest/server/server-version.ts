import { textMember } from '../../base/json.ts'
import { ConnectorError } from '../../errors.ts'
import type { MetadataClient } from './metadata-client.ts'
import { wrongServer } from './metadata-client.ts'

/** The first version with services, collections and endpoints of APIs. */
const FIRST = [1, 5] as const

/**
 * Reads the version of a server.
 *
 * @throws ConnectorError `METADATA_SERVER_WRONG` for a server that has none; those of the call.
 */
export async function readServerVersion(client: MetadataClient): Promise<string> {
  const answer = await client.find('system/version')
  const version = textMember(answer, 'version')
  if (version !== undefined) return version.slice(0, 40)
  throw wrongServer(
    client.host,
    answer === undefined ? 'it has no /system/version' : 'its /system/version has no version'
  )
}

/** The problem of a version that is too old; null if it is not, or does not look like a version. */
export function versionFault(version: string, host: string): ConnectorError | null {
  const [, major, minor] = /^v?(\d{1,4})\.(\d{1,4})/.exec(version) ?? []
  if (major === undefined) return null
  const isOld = Number(major) < FIRST[0] || (Number(major) === FIRST[0] && Number(minor) < FIRST[1])
  return isOld ? new ConnectorError('METADATA_SERVER_OLD', { host, version }) : null
}
