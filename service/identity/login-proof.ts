import { parseJson } from '../base/exact-number.ts'
import type { JsonObject } from '../base/json.ts'
import { isJsonArray, isJsonObject } from '../base/json.ts'
import { mediaEssence } from '../base/media-type.ts'
import type { EndpointRecord } from '../model/endpoint-record.ts'
import type { ControlResponse } from '../net/control-client.ts'
import { refusalIn } from '../objects/find-refusal.ts'

/** What a 2xx of an API says about a credential. */
export type Proof = {
  /** Why it does not prove that the API accepts the credential; null if it does. */
  readonly fault: string | null
  /** The body, if it is JSON; else undefined. */
  readonly body: unknown
}

const HTML_TYPES = new Set(['text/html', 'application/xhtml+xml'])

/** How a page begins, whatever its content type is. */
const PAGE =
  /^(?:<\?xml[^>]*>\s*)?(?:<!--[^>]*-->\s*)?<(?:!doctype\s+html|html|head|body|title|meta|script|form)\b/i

/** How much of a body is looked at. */
const START_LENGTH = 2_000

/** Members with which an API says that nobody is logged in, in lower case and without punctuation. */
const LOGGED_IN = new Set(['authenticated', 'isauthenticated', 'loggedin', 'isloggedin'])
const ANONYMOUS = new Set(['anonymous', 'isanonymous'])

/** How the body of an answer is judged. */
export type BodyRules = {
  /** How it says that the call was refused. */
  readonly failure: EndpointRecord['failure']
  /** Whether it describes a user, so that `status` or `error` may be members of the user. */
  readonly isUser: (body: JsonObject) => boolean
}

/**
 * Judges the 2xx of an API that was called with a user's credential. Many servers answer a wrong password with the page
 * on which to log in, and some with a 2xx that says in other ways that nobody is logged in.
 */
export function judgeProof(
  { headers, body: bytes }: Pick<ControlResponse, 'headers' | 'body'>,
  rules: BodyRules
): Proof {
  const text = new TextDecoder().decode(bytes).trim()
  const body = parsed(text)
  return { fault: headersFault(headers) ?? bodyFault(headers, text, body, rules), body }
}

function headersFault(headers: ControlResponse['headers']): string | null {
  if (headers.refresh !== undefined) return 'it sends browsers to another page'
  // Jira and Confluence answer 200 to nobody and to wrong passwords.
  const isRefused = /FAILED|DENIED/i.test(headers['x-seraph-loginreason'] ?? '')
  const isNobody = headers['x-ausername']?.trim().toLowerCase() === 'anonymous'
  return isRefused || isNobody ? 'its headers say that nobody is logged in' : null
}

function bodyFault(
  headers: ControlResponse['headers'],
  text: string,
  body: unknown,
  rules: BodyRules
): string | null {
  if (isJsonObject(body)) return saysFailed(body, rules) ? 'it says that the login failed' : null
  if (isJsonArray(body) || text === '') return null
  const isHtml = HTML_TYPES.has(mediaEssence(headers['content-type'] ?? ''))
  return isHtml || PAGE.test(text.slice(0, START_LENGTH)) ? 'it is an HTML page' : null
}

function saysFailed(body: JsonObject, { failure, isUser }: BodyRules): boolean {
  if (failure === 'never') return false
  if (refusalIn(failure, body, () => isUser(body)) !== null) return true
  return Object.entries(body).some(([name, value]) => {
    const word = name.toLowerCase().replace(/[^a-z]/g, '')
    if (LOGGED_IN.has(word)) return value === false || value === 'false'
    return ANONYMOUS.has(word) && (value === true || value === 'true')
  })
}

function parsed(text: string): unknown {
  try {
    return parseJson(text)
  } catch {
    return undefined
  }
}
