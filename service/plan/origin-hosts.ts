import { ConnectorError } from '../errors.ts'
import type { DocumentOrigins } from '../model/types.ts'
import { serverUrl } from './server-url.ts'
import type { ApiAccess } from './types.ts'

type Configured = Pick<ApiAccess, 'serverUrl' | 'serverVariables' | 'allowedHosts'>

/** The hosts of a document's addresses, with the server's variables as they are configured. */
export function* originHosts(
  { documentUrl, servers, identityUrls }: DocumentOrigins,
  { serverVariables }: Configured
): Generator<string> {
  for (const server of servers) {
    const host = serverHost(server, documentUrl, serverVariables)
    if (host !== null) yield host
  }
  for (const url of [documentUrl, ...identityUrls]) yield hostOf(url)
}

/**
 * Whether a credential may go to an address (x-flow 14): to the host of `Server URL` always, to those of
 * `Allowed Hosts`, and without these to the hosts that the document named at first.
 */
export function isApproved(url: URL, first: DocumentOrigins, access: Configured): boolean {
  const host = withoutEndDot(url.host)
  if (access.serverUrl !== null && hostOf(access.serverUrl) === host) return true
  if (access.allowedHosts !== null) {
    return access.allowedHosts.some(entry => isWithin(host, withoutEndDot(url.hostname), entry))
  }
  for (const known of originHosts(first, access)) if (known === host) return true
  return false
}

/** An entry with a port means that port; one without, any. */
function isWithin(host: string, hostname: string, entry: string): boolean {
  const tested = /:\d+$/.test(entry) ? host : hostname
  const name = withoutEndDot(entry)
  return name.startsWith('*.') ? tested.endsWith(name.slice(1)) : tested === name
}

function serverHost(
  server: DocumentOrigins['servers'][number],
  documentUrl: string,
  serverVariables: ApiAccess['serverVariables']
): string | null {
  try {
    const call = { server, method: 'GET', path: '' }
    return hostOf(serverUrl(call, documentUrl, { serverUrl: null, serverVariables }))
  } catch (error) {
    // A server that cannot be called is no place for a credential.
    if (error instanceof ConnectorError) return null
    throw error
  }
}

/** Host and port; blank for what has none. */
function hostOf(url: string): string {
  return withoutEndDot(URL.parse(url)?.host ?? '')
}

function withoutEndDot(host: string): string {
  return host.replace(/\.(?=:\d+$|$)/, '')
}
