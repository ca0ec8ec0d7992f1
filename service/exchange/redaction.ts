import { percentEncoded } from '../base/percent-encoding.ts'
import type { RequestPlan } from '../plan/types.ts'

/** Headers that are credentials even if a parameter sets them. */
const CREDENTIAL_HEADERS = /^(authorization|cookie|proxy-authorization)$/i

/**
 * A shorter secret is masked where it is a word of its own, as masking it everywhere would mask half of every
 * text. A shorter variable is not treated as a secret.
 */
const SECRET_MIN_LENGTH = 4

const MASK = '***'

/**
 * Returns a function that replaces every secret of a plan by `***`, in plain and in the encodings in which an
 * API may repeat it. Short secrets are replaced as whole words only.
 */
export function createRedaction(
  plan: Pick<RequestPlan, 'headers' | 'credential' | 'secrets'>
): (text: string) => string {
  const { headers, query, cookies } = plan.credential
  const credentials = Object.entries(plan.headers).filter(([name]) => CREDENTIAL_HEADERS.test(name))
  const secrets = [
    ...plan.secrets.filter(({ length }) => length >= SECRET_MIN_LENGTH),
    ...Object.values(headers).flatMap(headerSecrets),
    ...credentials.flatMap(([, value]) => headerSecrets(value)),
    ...[...query, ...cookies].map(([, value]) => value)
  ]
  // Longest first: replacing a part of a longer secret would leave the rest of it.
  const spellings = [...new Set(secrets.flatMap(spellingsOf))]
    .filter(spelling => spelling !== '')
    .sort((a, b) => b.length - a.length)
    .map(patternOf)
  return text =>
    spellings.reduce<string>((masked, spelling) => masked.replaceAll(spelling, MASK), text)
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
  return [value, token, login, login.slice(login.indexOf(':') + 1), ...pairs]
}

/** What a spelling is found by: its text, or for a short one a word between others. */
function patternOf(spelling: string): string | RegExp {
  if (spelling.length >= SECRET_MIN_LENGTH) return spelling
  return new RegExp(`(?<![\\p{L}\\p{N}_])${RegExp.escape(spelling)}(?![\\p{L}\\p{N}_])`, 'gu')
}

/** A secret in plain, in JSON, in JSON within JSON, and in the encodings of URLs and forms. */
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
