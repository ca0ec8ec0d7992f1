import type { Pointer } from '../../base/json-pointer.ts'
import { pointer } from '../../base/json-pointer.ts'
import {
  dictionary,
  isJsonArray,
  isJsonObject,
  member,
  plainText,
  textMember
} from '../../base/json.ts'
import { parseUrl } from '../../base/parse-url.ts'
import type { ServerRecord } from '../../model/endpoint-record.ts'
import type { Compilation } from '../compilation.ts'
import type { LocatedObject } from './types.ts'

/** A longer first segment is no host name (RFC 1035 2.3.4). */
const HOST_MAX_LENGTH = 260

/** A host with an optional port; variables were replaced by letters. */
const HOST = /^([\p{L}\p{N}.-]+|\[[\da-f:.]+\])(:[\p{L}\p{N}]+)?$/iu

/** What follows the last dot of a host name: a top-level domain has no digits, unless it is encoded. */
const DOMAIN = /\.(?:\p{L}{2,}|xn--[\p{L}\p{N}-]+)$/iu

/** Endings of files, which are no domains. */
const FILE =
  /\.(?:php|aspx?|ashx|asmx|svc|json|ya?ml|xml|x?html?|jspx?|jsf|cgi|cfm|dll|exe|nsf|txt)$/i

/**
 * The first server of the closest holder that names one; else the document's own origin (OpenAPI 4.8.5).
 *
 * @param holders Objects that may have `servers`, the closest first.
 */
export function compileServer(
  compilation: Compilation,
  holders: readonly LocatedObject[]
): ServerRecord {
  for (const { value, at } of holders) {
    const [first] = isJsonArray(value?.servers) ? value.servers : []
    const url = textMember(first, 'url')
    if (url === undefined) continue
    const declared = member(first, 'variables')
    const entries = Object.entries(isJsonObject(declared) ? declared : {})
    const variables = entries.map(([name, variable]) => {
      const allowed = member(variable, 'enum')
      const record = {
        default: plainText(member(variable, 'default') ?? ''),
        allowed: isJsonArray(allowed) ? allowed.map(plainText) : null
      }
      return [name, record] as const
    })
    const server = { variables: dictionary(variables) }
    const host = hostWithoutScheme(url)
    if (host === null) return { ...server, url: absoluteServer(compilation, url, at) }
    const read = `${isLoopback(host) ? 'http' : 'https'}://${url}`
    const base = compilation.partAt(at)?.url ?? compilation.documentUrl
    const path = parseUrl(`./${url}`, base)?.href ?? `./${url}`
    compilation.report.add('SERVER_WITHOUT_SCHEME', pointer(at, 'servers', 0, 'url'), {
      given: url,
      read,
      path
    })
    return { ...server, url: read, hostIsGuessed: true }
  }
  if (!/^https?:/.test(compilation.documentUrl)) compilation.report.add('SERVER_UNKNOWN', '')
  return { url: '/', variables: {} }
}

/**
 * Makes a relative server of another document absolute, since it is relative to that one's URL. A URL
 * that begins with a variable may be absolute already.
 */
function absoluteServer(compilation: Compilation, url: string, at: Pointer): string {
  const base = compilation.partAt(at)?.url
  if (base === undefined || /^([a-z][a-z\d+.-]*:|\{)/i.test(url)) return url
  const absolute = parseUrl(url.replaceAll('{', '%7B').replaceAll('}', '%7D'), base)?.href
  if (absolute === undefined || !/^https?:/.test(absolute)) return url
  return absolute.replaceAll('%7B', '{').replaceAll('%7D', '}')
}

/**
 * The host with which a server URL begins that lacks its scheme: a name with letters after its last dot, or anything
 * with a port. Null for any other URL.
 */
function hostWithoutScheme(url: string): string | null {
  const [segment = ''] = url.split(/[/?#]/, 1)
  if (segment === '' || segment.length > HOST_MAX_LENGTH) return null
  const [, host = '', port] = HOST.exec(segment.replace(/\{[^{}]*\}/g, 'x')) ?? []
  const isNamed = DOMAIN.test(host) && !FILE.test(host)
  const isHost = host !== '' && (isNamed || port !== undefined || isLoopback(host))
  return isHost && !host.startsWith('.') ? host : null
}

function isLoopback(host: string): boolean {
  return /^(?:(?:[^.]+\.)*localhost|127(?:\.\d{1,3}){3}|\[::1\])$/i.test(host)
}
