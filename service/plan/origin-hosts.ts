import { parseUrl } from '../base/parse-url.ts'
import { ConnectorError } from '../errors.ts'
import type { DocumentOrigins } from '../model/connector-model.ts'
import type { ServerAccess } from './server-url.ts'
import { serverUrl } from './server-url.ts'
import type { ApiAccess } from './types.ts'

type Configured = ServerAccess & Pick<ApiAccess, 'allowedHosts'>

/** A port at the end of a host; the colons of an IPv6 address are in brackets. */
const PORT = /:\d+$/

/** The hosts of a document's URLs with their ports; variables of servers are filled as configured. */
export function* originHosts(
  { documentUrl, servers, identityUrls }: DocumentOrigins,
  access: Configured
): Generator<string> {
  for (const server of servers) {
    const host = serverHost(server, documentUrl, access)
    if (host !== null) yield host
  }
  for (const url of [documentUrl, ...identityUrls]) yield hostOf(url, documentUrl)
}

/**
 * Whether a credential may go to a URL (docs/x-flow.md#allowed-hosts): to the host of `Server URL`, to
 * those of `Allowed Hosts`, and without these to the hosts that the document named at first.
 */
export function isApproved(url: URL, first: DocumentOrigins, access: Configured): boolean {
  const host = hostOf(url.href)
  if (access.serverUrl !== null && hostOf(access.serverUrl) === host) return true
  if (access.allowedHosts !== null) {
    return access.allowedHosts.some(entry => isWithin(host, entry))
  }
  for (const known of originHosts(first, access)) if (known === host) return true
  return false
}

/** Whether a URL is of the same origin, or leads from http to https of the same host. */
export function staysAtHost(from: URL, to: URL): boolean {
  const isSecured = from.protocol === 'http:' && to.protocol === 'https:'
  return to.origin === from.origin || (isSecured && to.hostname === from.hostname)
}

/** A link as it is called: by https where only its scheme is less secure than that of the answer that has it. */
export function securedLink(from: URL, link: string): URL {
  const to = new URL(link)
  const isDowngrade = from.protocol === 'https:' && to.protocol === 'http:'
  if (isDowngrade && to.host === from.host) to.protocol = 'https:'
  return to
}

/**
 * Checks whether secrets may go from an approved host to its https address. The API itself leads there, over
 * a connection that hides nothing from whoever could change that, so only `Allowed Hosts` can forbid it.
 *
 * @throws ConnectorError `ORIGIN_NOT_APPROVED`
 */
export function assertMayMove(url: URL, allowedHosts: ApiAccess['allowedHosts']): void {
  const host = hostOf(url.href)
  if (allowedHosts === null || allowedHosts.some(entry => isWithin(host, entry))) return
  throw new ConnectorError('ORIGIN_NOT_APPROVED', { host: url.host, reason: '' })
}

/** An entry without a port means any. */
function isWithin(host: string, entry: string): boolean {
  const tested = PORT.test(entry) ? host : host.replace(PORT, '')
  return entry.startsWith('*.') ? tested.endsWith(entry.slice(1)) : tested === entry
}

function serverHost(
  server: DocumentOrigins['servers'][number],
  documentUrl: string,
  access: ServerAccess
): string | null {
  try {
    const call = { server, method: 'GET', path: '' }
    return hostOf(serverUrl(call, documentUrl, { ...access, serverUrl: null }))
  } catch (error) {
    // A server that cannot be called gets no credential.
    if (error instanceof ConnectorError) return null
    throw error
  }
}

/** Host and port, the scheme's default included, so that https differs from http. Blank for no host. */
function hostOf(url: string, base?: string): string {
  const parsed = parseUrl(url, base)
  if (parsed === null || parsed.hostname === '') return ''
  const port = parsed.port === '' ? (parsed.protocol === 'http:' ? '80' : '443') : parsed.port
  return `${parsed.hostname.replace(/\.$/, '')}:${port}`
}
