import { ConnectorError } from '../errors.ts'
import type { ApiAccess } from '../plan/types.ts'
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
  { name: 'Variables', content: 'ContentPassword', required: false, default: null }
]

/** Where the document is, and what opens it; null when no Schema URL is configured. */
export function documentLocation(
  configuration: ConfigurationValues
): { readonly location: string; readonly token: string | null } | null {
  const location = valueNamed(configuration, 'Schema URL')
  return location === null ? null : { location, token: valueNamed(configuration, 'Schema Token') }
}

/**
 * Reads what the configuration values say about the API.
 *
 * @throws ConnectorError `CONFIG_INVALID` for a line that is not `name=value`.
 */
export function apiAccess(configuration: ConfigurationValues): ApiAccess {
  const username = valueNamed(configuration, 'Basic: Username')
  const password = valueNamed(configuration, 'Basic: Password')
  return {
    apiKey: valueNamed(configuration, 'API Key'),
    bearerToken: valueNamed(configuration, 'Bearer Token'),
    basic: username === null ? null : { username, password: password ?? '' },
    serverUrl: valueNamed(configuration, 'Server URL'),
    serverVariables: lines(configuration, 'Server Variables'),
    variables: lines(configuration, 'Variables')
  }
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
        reason: `line ${index + 1} has no name and value`,
        allowed: 'each line is `name=value`'
      })
    }
    result[line.slice(0, split).trim()] = line.slice(split + 1).trim()
  })
  return result
}
