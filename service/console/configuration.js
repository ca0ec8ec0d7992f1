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

/** Names of parameters that hold a secret in URLs of documents: signed ones, and those with a token. */
const SECRET_PARAMETER =
  /auth|bearer|code|credential|hmac|jwt|key|pass|pwd|secret|session|sig|token/i

/** Each URL in a text, also one that begins inside another. */
const URLS = /(?=(https?:\S+))/gi

/**
 * Whether a value is neither secret nor too long for the address.
 *
 * @param {string} name
 * @param {string} value
 */
export function standsInAddress(name, value) {
  return value.length <= ADDRESS_VALUE_MAX && !isSecret(name, value)
}

/**
 * Whether a configuration value is a secret, or has one in a URL.
 *
 * @param {string} name
 * @param {string} value
 */
export function isSecret(name, value) {
  return !(name in ADDRESS_NAMES) || hasSecret(value)
}

/**
 * The values that are no secrets.
 *
 * @param {Values} values
 * @returns {Values}
 */
export function withoutSecrets(values) {
  return Object.fromEntries(Object.entries(values).filter(entry => !isSecret(...entry)))
}

/**
 * Whether a URL in a text has user information or a parameter with the name of a secret.
 *
 * @param {string} text
 * @returns {boolean}
 */
export function hasSecret(text) {
  // Browsers drop line breaks inside a URL.
  const found = [text, ...text.matchAll(URLS).map(([, url = '']) => url)]
  return found.some(each => {
    const url = URL.parse(each)
    if (url === null || !HTTP.test(url.protocol)) return false
    const { username, password, search, hash } = url
    const parameters = [search, hash.slice(1)].flatMap(part => [...new URLSearchParams(part)])
    return (
      username + password !== '' ||
      parameters.some(([name, value]) => SECRET_PARAMETER.test(name) || hasSecret(value))
    )
  })
}

const HTTP = /^https?:$/

/**
 * A URL as the page may show it: without user information, query and fragment if there is a secret among them.
 *
 * @param {string} text
 */
export function shownUrl(text) {
  const url = hasSecret(text) ? URL.parse(text) : null
  return url === null ? text : `${url.origin}${url.pathname}?***`
}

/**
 * Whether documents come from the same place, so that what was typed for one is meant for the other: of the web their
 * origin, else the document itself.
 *
 * @param {string} a Schema URL.
 * @param {string} b Schema URL.
 */
export function isSamePlace(a, b) {
  const [one, other] = [a, b].map(each => URL.parse(each))
  return a === b || (HTTP.test(one?.protocol ?? '') && one?.origin === other?.origin)
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
