import type { Pointer } from '../../base/json-pointer.ts'
import { pointer } from '../../base/json-pointer.ts'
import type { JsonValue } from '../../base/json.ts'
import {
  dictionary,
  isJsonArray,
  isJsonObject,
  member,
  plainText,
  textMember
} from '../../base/json.ts'
import { listFirst } from '../../base/list-first.ts'
import { parseUrl } from '../../base/parse-url.ts'
import { trimTrailing } from '../../base/trim-trailing.ts'
import type { ServerRecord } from '../../model/endpoint-record.ts'
import type { Compilation } from '../compilation.ts'
import { templateNames } from './template-names.ts'
import type { LocatedObject } from './types.ts'

/** How many parameters of a query one diagnostic lists, and how many characters of a URL it shows. */
const NAMES_MAX = 5
const SHOWN_MAX = 200

/** A longer first segment is no host name (RFC 1035 2.3.4). */
const HOST_MAX_LENGTH = 260

/** A host with an optional port; variables were replaced by letters. */
const HOST = /^([\p{L}\p{N}.-]+|\[[\da-f:.]+\])(:[\p{L}\p{N}]+)?$/iu

/** What follows the last dot of a host name: a top-level domain has no digits, unless it is encoded. */
const DOMAIN = /\.(?:\p{L}{2,}|xn--[\p{L}\p{N}-]+)$/iu

/** Endings of files, which are no domains. */
const FILE =
  /\.(?:php|aspx?|ashx|asmx|svc|json|ya?ml|xml|x?html?|jspx?|jsf|cgi|cfm|dll|exe|nsf|txt)$/i

/** A Server Object with a URL. */
type DeclaredServer = {
  readonly given: string
  readonly variables: JsonValue | undefined
  /** Location of the URL. */
  readonly at: Pointer
}

/**
 * The server of the closest holder that names one; else the document's own origin (OpenAPI 4.8.5). Of several it is
 * the first with a URL, or its twin over https or with a scheme.
 *
 * @param holders Objects that may have `servers`, the closest first.
 */
export function compileServer(
  compilation: Compilation,
  holders: readonly LocatedObject[]
): ServerRecord {
  for (const holder of holders) {
    const servers = declaredServers(compilation, holder)
    const [first] = servers
    if (first === undefined) continue
    const named = (url: string): DeclaredServer | undefined =>
      servers.find(({ given }) => withoutEnd(given) === withoutEnd(url))
    // An entry that lacks its scheme may have it in another one.
    const isBare = hostWithoutScheme(first.given) !== null
    const twin = isBare
      ? (named(`https://${first.given}`) ?? named(`http://${first.given}`))
      : named(first.given.replace(/^http:/i, 'https:'))
    return compileDeclared(compilation, twin ?? first)
  }
  if (!/^https?:/.test(compilation.documentUrl)) compilation.report.add('SERVER_UNKNOWN', '')
  return { url: '/', variables: {} }
}

function withoutEnd(url: string): string {
  return trimTrailing(url, '/').toLowerCase()
}

/** The servers of an object; an entry without a URL is a diagnostic. */
function declaredServers(
  { report }: Compilation,
  { value, at }: LocatedObject
): readonly DeclaredServer[] {
  const list = isJsonArray(value?.servers) ? value.servers : []
  return list.flatMap((server, index) => {
    const place = pointer(at, 'servers', index)
    const given = textMember(server, 'url')
    if (given === undefined) {
      report.add('SERVER_WITHOUT_URL', place)
      return []
    }
    const variables = member(server, 'variables')
    return [{ given: given.trim(), variables, at: pointer(place, 'url') }]
  })
}

function compileDeclared(
  compilation: Compilation,
  { given, variables: declared, at }: DeclaredServer
): ServerRecord {
  const { report } = compilation
  const [template = ''] = given.split('#', 1)
  const mark = template.indexOf('?')
  const url = mark === -1 ? template : template.slice(0, mark)
  const query = mark === -1 ? '' : template.slice(mark + 1)
  const variables = compileVariables(compilation, declared)
  const server = { variables, ...(query !== '' && { query }) }
  const shown = shownUrl(url)
  if (query !== '') {
    const names = query.split('&').map(pair => `"${pair.split('=', 1)[0] ?? ''}"`)
    report.add('SERVER_QUERY', at, { given: shown, names: listFirst(names, NAMES_MAX) })
  }
  reportVariables(compilation, template, variables, at)
  const host = hostWithoutScheme(url)
  if (host === null) {
    const reason = unusable(compilation, url, variables)
    if (reason !== undefined) report.add('SERVER_UNUSABLE', at, { given: shown, reason })
    return { ...server, url: absoluteServer(compilation, url, at) }
  }
  const read = `${isLoopback(host) ? 'http' : 'https'}://${url}`
  const base = compilation.partAt(at)?.url ?? compilation.documentUrl
  const path = parseUrl(`./${url}`, base)?.href ?? `./${url}`
  report.add('SERVER_WITHOUT_SCHEME', at, { given: url, read, path })
  return { ...server, url: read, hostIsGuessed: true }
}

/** The variables with a value in the root's `x-flow`, a default, or for want of both a first allowed value. */
function compileVariables(
  { root, report }: Compilation,
  declared: JsonValue | undefined
): ServerRecord['variables'] {
  const entries = Object.entries(isJsonObject(declared) ? declared : {})
  const chosen = member(root['x-flow'], 'serverVariables')
  return dictionary(
    entries.flatMap(([name, variable]) => {
      const list = member(variable, 'enum')
      const allowed = isJsonArray(list) && list.length > 0 ? list.map(plainText) : null
      const ours = textMember(chosen, name)
      const isAllowed = ours !== undefined && allowed?.includes(ours) !== false
      if (ours !== undefined && !isAllowed) {
        const holes = { variable: name, given: ours, allowed: listFirst(allowed ?? [], NAMES_MAX) }
        report.add('SERVER_VARIABLE_NOT_ALLOWED', pointer('/x-flow/serverVariables', name), holes)
      }
      const given = isAllowed ? ours : member(variable, 'default')
      const value = given === undefined || given === null ? allowed?.[0] : plainText(given)
      return value === undefined ? [] : [[name, { default: value, allowed }] as const]
    })
  )
}

/** Reports each variable of a URL without a value. */
function reportVariables(
  { report, suggest }: Compilation,
  template: string,
  variables: ServerRecord['variables'],
  at: Pointer
): void {
  for (const name of new Set(templateNames(template))) {
    if (Object.hasOwn(variables, name)) continue
    const suggestion = suggest(name, () => Object.keys(variables))
    report.add('SERVER_VARIABLE_UNKNOWN', at, {
      given: shownUrl(template.split('?', 1)[0] ?? ''),
      variable: name,
      suggestion
    })
  }
}

/** Why no call can go to a URL; undefined where one can, or where it depends on the configuration. */
function unusable(
  { suggest, documentUrl }: Compilation,
  url: string,
  variables: ServerRecord['variables']
): string | undefined {
  const names = templateNames(url)
  if (names.some(name => !Object.hasOwn(variables, name))) return undefined
  const filled = url.replace(/\{([^{}]*)\}/g, (_, name: string) => variables[name]?.default ?? '')
  const scheme = /^([a-z][a-z\d+.-]*):/i.exec(filled)?.[1]
  if (scheme !== undefined && !/^https?$/i.test(scheme)) {
    const suggestion = suggest(scheme.toLowerCase(), () => ['https', 'http'])
    return `its scheme "${scheme}" is neither http nor https${suggestion}`
  }
  const parsed = parseUrl(filled, /^https?:/i.test(documentUrl) ? documentUrl : 'https://a.invalid')
  if (parsed === null) return 'it is no URL'
  const { username, password } = parsed
  return username === '' && password === '' ? undefined : 'it names a user'
}

/** A URL without the parts in which people put secrets. */
export function shownUrl(url: string): string {
  return url.replace(/\/\/[^/@]*@/, '//***@').slice(0, SHOWN_MAX)
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
