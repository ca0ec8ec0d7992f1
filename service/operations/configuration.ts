import { dictionary } from '../base/json.ts'
import { parseUrl } from '../base/parse-url.ts'
import type { DocumentRequest } from '../documents/source-document.ts'
import { canonicalLocation } from '../documents/source-document.ts'
import { ConnectorError } from '../errors.ts'
import type { Responses } from '../model/mapping-record.ts'
import { operationPatternFault } from '../model/operation-pattern.ts'
import type { Inference } from '../parse/inferences.ts'
import { INFERENCES } from '../parse/inferences.ts'
import type { ApiAccess } from '../plan/types.ts'
import type { Settings } from '../settings.ts'
import { readOverlayValue } from './read-overlay-value.ts'
import type { Caller, ConfigurationValueDescription, ConfigurationValues } from './types.ts'

/** The configuration values in the order of the builder's form (docs/x-flow.md#configuration-values). */
export const CONFIGURATION_VALUES: readonly ConfigurationValueDescription[] = [
  { name: 'Schema URL', content: 'ContentString', required: true, default: null },
  optional('API Key', 'ContentPassword'),
  optional('OAuth2/OIDC: Client Id', 'ContentString'),
  optional('OAuth2/OIDC: Client Secret', 'ContentPassword'),
  optional('Schema Token', 'ContentPassword'),
  optional('Overlay URL', 'ContentString'),
  optional('Server URL', 'ContentString'),
  optional('Server Variables', 'ContentString'),
  optional('Bearer Token', 'ContentPassword'),
  optional('Basic: Username', 'ContentString'),
  optional('Basic: Password', 'ContentPassword'),
  optional('Login', 'ContentString'),
  optional('Allowed Hosts', 'ContentString'),
  optional('Responses', 'ContentString'),
  optional('Inference', 'ContentString'),
  optional('Include', 'ContentString'),
  optional('Exclude', 'ContentString'),
  optional('Variables', 'ContentPassword')
]

/** The names of those that are secrets, in lower case. */
export const SECRET_NAMES: ReadonlySet<string> = new Set(
  CONFIGURATION_VALUES.filter(({ content }) => content === 'ContentPassword').map(({ name }) =>
    name.toLowerCase()
  )
)

/** Hosts or lines of one value. */
const ENTRIES_MAX = 1_000

function optional(
  name: string,
  content: 'ContentString' | 'ContentPassword'
): ConfigurationValueDescription {
  return { name, content, required: false, default: null }
}

/**
 * The document that the configuration names, and how it is compiled; null without a Schema URL.
 *
 * @throws ConnectorError `CONFIG_INVALID` for `Responses` that are neither `live` nor `example`, an `Inference` that is
 *   none of its words, a pattern of `Include` or `Exclude` that cannot be read, and an `Overlay URL` that is neither
 *   addresses nor an overlay.
 */
export function documentRequest(configuration: ConfigurationValues): DocumentRequest | null {
  const last = requests.get(configuration)
  if (last !== undefined) return last
  const request = readRequest(configuration)
  requests.set(configuration, request)
  return request
}

const requests = new WeakMap<ConfigurationValues, DocumentRequest | null>()

/**
 * The same for what needs a document.
 *
 * @throws ConnectorError `CONFIG_REQUIRED` without a Schema URL, and as `documentRequest`.
 */
export function requiredDocument(configuration: ConfigurationValues): DocumentRequest {
  const request = documentRequest(configuration)
  if (request === null) throw new ConnectorError('CONFIG_REQUIRED', { name: 'Schema URL' })
  return request
}

function readRequest(configuration: ConfigurationValues): DocumentRequest | null {
  const location = configured(configuration, 'Schema URL')
  if (location === null) return null
  const token = configured(configuration, 'Schema Token')
  const overlays = readOverlayValue(overlayValueOf(configuration))
  const compiling = {
    responses: responsesOf(configuration),
    inference: inferenceOf(configuration),
    include: patternsOf(configuration, 'Include'),
    exclude: patternsOf(configuration, 'Exclude')
  }
  return { location, token, overlays, compiling }
}

function inferenceOf(configuration: ConfigurationValues): Inference | null {
  const given = configured(configuration, 'Inference')?.toLowerCase()
  if (given === undefined) return null
  const known = INFERENCES.find(word => word === given)
  if (known !== undefined) return known
  throw invalid('Inference', 'it is none of `auto`, `on` and `off`', '`auto`, `on` or `off`')
}

/** The patterns of a configuration value, one in a line. */
function patternsOf(configuration: ConfigurationValues, name: string): readonly string[] {
  const lines = (configured(configuration, name) ?? '').split(/\r?\n/).map(line => line.trim())
  const patterns = lines.filter(line => line !== '')
  if (patterns.length > ENTRIES_MAX) throw tooMany(name, 'lines')
  for (const [index, pattern] of patterns.entries()) {
    const reason = operationPatternFault(pattern)
    if (reason === null) continue
    const allowed = 'patterns of paths and tags such as `/pets` or `tag:pets`'
    throw invalid(name, `pattern ${index + 1} cannot be read: ${reason}`, allowed)
  }
  return patterns
}

function responsesOf(configuration: ConfigurationValues): Responses {
  const given = configured(configuration, 'Responses')?.toLowerCase() ?? 'live'
  if (given === 'live' || given === 'example') return given
  throw invalid('Responses', 'it is neither `live` nor `example`', '`live` or `example`')
}

const schemaUrls = new WeakMap<ConfigurationValues, string>()

/** The Schema URL in canonical form, by which what belongs to a document is kept; blank without one. */
export function schemaUrlOf(configuration: ConfigurationValues): string {
  const known = schemaUrls.get(configuration)
  if (known !== undefined) return known
  const url = canonicalLocation(configured(configuration, 'Schema URL') ?? '')
  schemaUrls.set(configuration, url)
  return url
}

/** The configuration value `Overlay URL`; blank without one. */
function overlayValueOf(configuration: ConfigurationValues): string {
  return configured(configuration, 'Overlay URL') ?? ''
}

type AccessSettings = Pick<Settings, 'CLIENT_CERT_FILE'>

const known = new WeakMap<ConfigurationValues, { settings: AccessSettings; access: ApiAccess }>()

/**
 * Reads the configuration values about the API, once for each record of values. The calling user's login is
 * not among them.
 *
 * @throws ConnectorError `CONFIG_INVALID` for a line that is not `name=value`, for a `Login` that is
 *   neither `user` nor `shared`, for an `Allowed Hosts` with anything else than hosts, and for more than 1,000
 *   hosts or lines.
 */
export function apiAccess(configuration: ConfigurationValues, settings: AccessSettings): ApiAccess {
  const last = known.get(configuration)
  if (last?.settings === settings) return last.access
  const access = readAccess(configuration, settings)
  known.set(configuration, { settings, access })
  return access
}

/**
 * The same with the caller's own variables. What `Variables` sets counts more.
 *
 * @throws ConnectorError as `apiAccess`.
 */
export function callerAccess(
  { configuration, variables }: Pick<Caller, 'configuration' | 'variables'>,
  settings: AccessSettings
): ApiAccess {
  const access = apiAccess(configuration, settings)
  if (variables === undefined) return access
  const set = Object.entries(access.variables).filter(([, value]) => value !== '')
  return { ...access, variables: dictionary([...Object.entries(variables), ...set]) }
}

function readAccess(
  configuration: ConfigurationValues,
  { CLIENT_CERT_FILE }: AccessSettings
): ApiAccess {
  const username = configured(configuration, 'Basic: Username')
  const password = configured(configuration, 'Basic: Password')
  const clientId = configured(configuration, 'OAuth2/OIDC: Client Id')
  const secret = configured(configuration, 'OAuth2/OIDC: Client Secret')
  return {
    apiKey: configured(configuration, 'API Key'),
    bearerToken: configured(configuration, 'Bearer Token'),
    basic: username === null ? null : { username, password: password ?? '' },
    client: clientId === null ? null : { id: clientId, secret },
    hasCertificate: CLIENT_CERT_FILE !== '',
    login: null,
    loginIsShared: isShared(configuration),
    serverUrl: configured(configuration, 'Server URL'),
    serverVariables: linesOf(configuration, 'Server Variables'),
    allowedHosts: allowedHosts(configuration),
    variables: linesOf(configuration, 'Variables')
  }
}

function isShared(configuration: ConfigurationValues): boolean {
  const login = configured(configuration, 'Login')?.toLowerCase() ?? 'user'
  if (login === 'user' || login === 'shared') return login === 'shared'
  throw invalid('Login', 'it is neither `user` nor `shared`', '`user` or `shared`')
}

/** The hosts of `Allowed Hosts`, separated by line breaks, commas or blanks. */
function allowedHosts(configuration: ConfigurationValues): readonly string[] | null {
  const name = 'Allowed Hosts'
  const text = configured(configuration, name)
  if (text === null) return null
  const entries = text.split(/[\s,]+/).filter(entry => entry !== '')
  if (entries.length > ENTRIES_MAX) throw tooMany(name, 'hosts')
  return entries.map((entry, index) => {
    const host = normalHost(entry)
    if (host !== undefined) return host
    const examples = 'hosts such as `api.example.com`, `*.example.com` or `localhost:8080`'
    throw invalid(name, `entry ${index + 1} is not a host`, examples)
  })
}

/** A host as URLs spell it, with its port if one is given; undefined for anything else. */
function normalHost(entry: string): string | undefined {
  const [, wildcard = '', name = '', port = ''] = /^(\*\.)?([^*/?#@\\]*?)(:\d+)?$/.exec(entry) ?? []
  const url = name === '' ? null : parseUrl(`http://${name}${port}`)
  return url === null ? undefined : wildcard + url.hostname.replace(/\.$/, '') + port
}

function configured(configuration: ConfigurationValues, name: string): string | null {
  return configuration[name.toLowerCase()]?.trim() || null
}

/** The `name=value` lines of a configuration value. Blank lines are skipped. */
function linesOf(configuration: ConfigurationValues, name: string): { [name: string]: string } {
  const values: { [name: string]: string } = Object.create(null)
  const lines = (configured(configuration, name) ?? '').split(/\r?\n/)
  if (lines.length > ENTRIES_MAX) throw tooMany(name, 'lines')
  for (const [index, line] of lines.entries()) {
    if (line.trim() === '') continue
    const split = line.indexOf('=')
    if (split < 1) {
      throw invalid(name, `line ${index + 1} is not \`name=value\``, 'lines of `name=value`')
    }
    values[line.slice(0, split).trim()] = line.slice(split + 1).trim()
  }
  return values
}

function tooMany(name: string, what: string): ConnectorError {
  return invalid(name, `it has more than ${ENTRIES_MAX} ${what}`, `at most ${ENTRIES_MAX} ${what}`)
}

function invalid(name: string, reason: string, allowed: string): ConnectorError {
  return new ConnectorError('CONFIG_INVALID', { name, reason, allowed })
}
