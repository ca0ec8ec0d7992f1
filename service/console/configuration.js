/**
 * Configuration values by their names (docs/x-flow.md#configuration-values). Blank ones are absent.
 *
 * @typedef {Readonly<Record<string, string>>} Values
 */

/**
 * The values that may stand in the address of the page, with their names there. No secret is among them.
 *
 * @type {Readonly<Record<string, string>>}
 */
export const ADDRESS_NAMES = {
  'Schema URL': 'doc',
  'Overlay URL': 'overlay',
  'Server URL': 'server',
  'Server Variables': 'server-variables',
  'OAuth2/OIDC: Client Id': 'client-id',
  'Basic: Username': 'username',
  Login: 'login',
  'Allowed Hosts': 'allowed-hosts',
  Responses: 'responses',
  Inference: 'inference',
  Include: 'include',
  Exclude: 'exclude'
}

/** A longer value stays in the tab: the text of an overlay, for example. In characters. */
const ADDRESS_VALUE_MAX = 2_000

/** Names of query parameters that hold a secret in URLs of documents: signed ones, and those with a token. */
const SECRET_PARAMETER = /auth|code|credential|key|pass|pwd|secret|sig|token/i

/**
 * Whether a value is neither secret nor too long for the address.
 *
 * @param {string} name
 * @param {string} value
 */
export function standsInAddress(name, value) {
  return name in ADDRESS_NAMES && value.length <= ADDRESS_VALUE_MAX && !hasSecret(value)
}

/** Whether a URL has user information or a parameter with the name of a secret. @param {string} value */
function hasSecret(value) {
  const url = URL.parse(value)
  if (url === null) return false
  const { username, password, searchParams } = url
  return (
    username + password !== '' || [...searchParams.keys()].some(key => SECRET_PARAMETER.test(key))
  )
}

/**
 * As the platform sends them.
 *
 * @param {Values} values
 */
export function asConfigurationValues(values) {
  return Object.entries(values).map(([developerName, contentValue]) => ({
    developerName,
    contentValue
  }))
}

/** @param {Values} values */
export function schemaUrlOf(values) {
  return values['Schema URL'] ?? ''
}

/**
 * Without blank values, and without blanks around them.
 *
 * @param {Values} values
 * @returns {Values}
 */
export function cleanValues(values) {
  const entries = Object.entries(values).map(([name, value]) => [name, value.trim()])
  return Object.fromEntries(entries.filter(([, value]) => value !== ''))
}

/** @param {Values} a @param {Values} b */
export function sameValues(a, b) {
  const names = Object.keys(a)
  return names.length === Object.keys(b).length && names.every(name => a[name] === b[name])
}
