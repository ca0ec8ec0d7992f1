import type { DocumentRequest } from '../documents/source-document.ts'
import { ConnectorError } from '../errors.ts'
import type { ApiAccess } from '../plan/types.ts'
import type { Settings } from '../settings.ts'
import type { ConfigurationValueDescription, ConfigurationValues } from './types.ts'

/** The configuration values that the connector describes, in the order of the builder's form (x-flow 14). */
export const CONFIGURATION_VALUES: readonly ConfigurationValueDescription[] = [
  { name: 'Schema URL', content: 'ContentString', required: true, default: null },
  { name: 'API Key', content: 'ContentPassword', required: false, default: null },
  { name: 'OAuth2/OIDC: Client Id', content: 'ContentString', required: false, default: null },
  {
    name: 'OAuth2/OIDC: Client Secret',
    content: 'ContentPassword',
    required: false,
    default: null
  },
  { name: 'Schema Token', content: 'ContentPassword', required: false, default: null },
  { name: 'Server URL', content: 'ContentString', required: false, default: null },
  { name: 'Server Variables', content: 'ContentString', required: false, default: null },
  { name: 'Bearer Token', content: 'ContentPassword', required: false, default: null },
  { name: 'Basic: Username', content: 'ContentString', required: false, default: null },
  { name: 'Basic: Password', content: 'ContentPassword', required: false, default: null },
  { name: 'Login', content: 'ContentString', required: false, default: null },
  { name: 'Allowed Hosts', content: 'ContentString', required: false, default: null },
  { name: 'Variables', content: 'ContentPassword', required: false, default: null }
]

/** The document that is asked for; null when no Schema URL is configured. */
export function documentRequest(configuration: ConfigurationValues): DocumentRequest | null {
  const location = valueNamed(configuration, 'Schema URL')
  return location === null ? null : { location, token: valueNamed(configuration, 'Schema Token') }
}

/**
 * Reads what the configuration values say about the API. Who is logged in is not among them.
 *
 * @throws ConnectorError `CONFIG_INVALID` for a line that is not `name=value`, for a `Login` that is
 *   neither `user` nor `shared`, and for an `Allowed Hosts` with something else than hosts.
 */
export function apiAccess(
  configuration: ConfigurationValues,
  { CLIENT_CERT_FILE }: Pick<Settings, 'CLIENT_CERT_FILE'>
): ApiAccess {
  const username = valueNamed(configuration, 'Basic: Username')
  const password = valueNamed(configuration, 'Basic: Password')
  return {
    apiKey: valueNamed(configuration, 'API Key'),
    bearerToken: valueNamed(configuration, 'Bearer Token'),
    basic: username === null ? null : { username, password: password ?? '' },
    client: clientOf(configuration),
    hasCertificate: CLIENT_CERT_FILE !== '',
    login: null,
    loginIsShared: isShared(configuration),
    serverUrl: valueNamed(configuration, 'Server URL'),
    serverVariables: lines(configuration, 'Server Variables'),
    allowedHosts: hosts(configuration),
    variables: lines(configuration, 'Variables')
  }
}

function clientOf(configuration: ConfigurationValues): ApiAccess['client'] {
  const id = valueNamed(configuration, 'OAuth2/OIDC: Client Id')
  if (id === null) return null
  return { id, secret: valueNamed(configuration, 'OAuth2/OIDC: Client Secret') }
}

function isShared(configuration: ConfigurationValues): boolean {
  const login = valueNamed(configuration, 'Login')?.toLowerCase() ?? 'user'
  if (login === 'user' || login === 'shared') return login === 'shared'
  throw new ConnectorError('CONFIG_INVALID', {
    name: 'Login',
    reason: 'it is neither `user` nor `shared`',
    allowed: '`user` or `shared`'
  })
}

/** One host a line, or several with commas or blanks between them. */
function hosts(configuration: ConfigurationValues): readonly string[] | null {
  const text = valueNamed(configuration, 'Allowed Hosts')
  if (text === null) return null
  const given = text.split(/[\s,]+/).filter(host => host !== '')
  return given.map((entry, index) => {
    const host = normalHost(entry)
    if (host !== undefined) return host
    throw new ConnectorError('CONFIG_INVALID', {
      name: 'Allowed Hosts',
      reason: `entry ${index + 1} is not a host`,
      allowed: 'hosts such as `api.example.com`, `*.example.com` or `localhost:8080`'
    })
  })
}

/** A host as URLs have it, with its port where one is given; undefined for anything else. */
function normalHost(entry: string): string | undefined {
  const [, below = '', name = '', port = ''] = /^(\*\.)?([^*/?#@\\]*?)(:\d+)?$/.exec(entry) ?? []
  const url = name === '' ? null : URL.parse(`http://${name}${port}`)
  return url === null ? undefined : below + url.hostname.replace(/\.$/, '') + port
}

function valueNamed(configuration: ConfigurationValues, name: string): string | null {
  return configuration[name.toLowerCase()]?.trim() || null
}

/** `name=value` lines; blank ones do not count. */
function lines(configuration: ConfigurationValues, name: string): { [name: string]: string } {
  const result: { [name: string]: string } = Object.create(null)
  const text = valueNamed(configuration, name) ?? ''
  text.split(/\r?\n/).forEach((line, index) => {
    if (line.trim() === '') return
    const split = line.indexOf('=')
    if (split < 1) {
      throw new ConnectorError('CONFIG_INVALID', {
        name,
        reason: `line ${index + 1} is not \`name=value\``,
        allowed: 'lines of `name=value`'
      })
    }
    result[line.slice(0, split).trim()] = line.slice(split + 1).trim()
  })
  return result
}
