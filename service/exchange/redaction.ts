import { percentEncoded } from '../base/percent-encoding.ts'
import type { RequestPlan } from '../plan/types.ts'

/** Headers that count as credentials wherever they were set. */
const CREDENTIAL_HEADERS = /^(authorization|cookie|proxy-authorization)$/i

/** A variable shorter than this is no secret, and masking it would mask half of every text. */
const SECRET_MIN_LENGTH = 4

/**
 * Makes a function that replaces every secret of a plan by `***`, as it was configured and in the
 * encodings in which an API may repeat it.
 */
export function createRedaction(
  plan: Pick<RequestPlan, 'headers' | 'credential' | 'secrets'>
): (text: string) => string {
  const { headers, query, cookies } = plan.credential
  const written = Object.entries(plan.headers).filter(([name]) => CREDENTIAL_HEADERS.test(name))
  const secrets = [
    ...plan.secrets.filter(({ length }) => length >= SECRET_MIN_LENGTH),
    ...Object.values(headers).flatMap(headerSecrets),
    ...written.flatMap(([, value]) => headerSecrets(value)),
    ...[...query, ...cookies].map(([, value]) => value)
  ]
  // The longest first, so that no part of one is left where another is a piece of it.
  const spellings = [...new Set(secrets.flatMap(spellingsOf))]
    .filter(spelling => spelling !== '')
    .sort((a, b) => b.length - a.length)
  return text => spellings.reduce((rest, spelling) => rest.replaceAll(spelling, '***'), text)
}

/**
 * The value of a header, what follows its scheme, the password within a basic login, and the value
 * of each `name=value` that it is made of.
 */
function headerSecrets(value: string): string[] {
  const [, scheme = '', rest = ''] = /^(\S+)\s+(.*)$/s.exec(value) ?? []
  const login = scheme.toLowerCase() === 'basic' ? Buffer.from(rest, 'base64').toString() : ''
  const pairs = value
    .split(/[;,]\s*/)
    .flatMap(pair => /^[^\s=]+=([^=].{3,})$/s.exec(pair)?.[1] ?? [])
  return [value, rest, login, login.slice(login.indexOf(':') + 1), ...pairs]
}

/** A secret as it is, in JSON, in JSON within JSON, and in the encodings of URLs and forms. */
function spellingsOf(secret: string): string[] {
  const json = JSON.stringify(secret).slice(1, -1)
  const encoded = percentEncoded(secret)
  return [
    secret,
    json,
    json.replaceAll('/', '\\/'),
    JSON.stringify(json).slice(1, -1),
    encoded,
    encoded.replaceAll('%20', '+'),
    encoded.replace(/%../g, triplet => triplet.toLowerCase())
  ]
}
