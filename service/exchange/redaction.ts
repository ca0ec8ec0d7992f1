import type { RequestPlan } from '../plan/types.ts'
import { findSecrets, secretRuns } from './secret-runs.ts'

/** Headers that are credentials even if a parameter sets them. */
const CREDENTIAL_HEADERS = /^(authorization|cookie|proxy-authorization)$/i

/** Authentication schemes (RFC 9110 11.1), and what APIs use like them. They are no secrets. */
const SCHEME = /^(api-?key|basic|bearer|bot|digest|dpop|jwt|key|mac|negotiate|token)$/i

/** A shorter variable is not treated as a secret. */
const VARIABLE_MIN_LENGTH = 4

/** A login as long as this would have parts of the user name, which is no secret. */
const LOGIN_MAX_LENGTH = 12

/** Longest text that is masked and shown, in UTF-16 units. The rest of a longer one is dropped. */
export const TEXT_MAX_LENGTH = 65_536

/** Stands for a secret. */
export const MASK = '***'

/**
 * Returns a function that replaces the secrets of a plan by `***`: each run of 12 characters of a secret, and
 * shorter secrets as a whole, whatever their letter case, in plain and in the encodings in which an API may repeat
 * them (docs/security.md#secrets). Secrets of less than four characters are replaced as words. Only the first 64 K
 * characters of a text are kept.
 */
export function createRedaction(
  plan: Pick<RequestPlan, 'headers' | 'credential' | 'secrets'>
): (text: string) => string {
  const { headers, query, cookies } = plan.credential
  const credentials = Object.entries(plan.headers).filter(([name]) => CREDENTIAL_HEADERS.test(name))
  return createMask([
    ...plan.secrets.filter(({ length }) => length >= VARIABLE_MIN_LENGTH),
    ...Object.values(headers).flatMap(headerSecrets),
    ...credentials.flatMap(([, value]) => headerSecrets(value)),
    ...[...query, ...cookies].map(([, value]) => value)
  ])
}

/** The same for any secrets. */
export function createMask(secrets: Iterable<string>): (text: string) => string {
  const runs = secretRuns(secrets)
  return given => {
    const text = given.slice(0, TEXT_MAX_LENGTH)
    const hidden = findSecrets(text, runs)
    let masked = ''
    for (let from = 0; from < text.length; ) {
      const next = hidden.indexOf(hidden[from] === 1 ? 0 : 1, from)
      const to = next === -1 ? text.length : next
      masked += hidden[from] === 1 ? MASK : text.slice(from, to)
      from = to
    }
    return masked
  }
}

/**
 * The secrets in a header: its value, the part after the scheme, the password of Basic, and the value of each
 * `name=value` pair.
 */
function headerSecrets(value: string): string[] {
  const [, scheme = '', token = ''] = /^(\S+)\s+(.*)$/s.exec(value) ?? []
  const login = scheme.toLowerCase() === 'basic' ? Buffer.from(token, 'base64').toString() : ''
  const pairs = value
    .split(/[;,]\s*/)
    .flatMap(pair => /^[^\s=]+=([^=].{3,})$/s.exec(pair)?.[1] ?? [])
  return [
    SCHEME.test(scheme) ? '' : value,
    token,
    login.length < LOGIN_MAX_LENGTH ? login : '',
    login.slice(login.indexOf(':') + 1),
    ...pairs
  ]
}
