import type { JsonObject } from '../base/json.ts'
import { isJsonObject, member, textMember } from '../base/json.ts'
import { mediaEssence } from '../base/media-type.ts'
import { ConnectorError } from '../errors.ts'
import { plainWord } from './provider-failure.ts'
import { refusalError, saysRefused } from './refusal-error.ts'

/** The members of an answer in form encoding that are read. */
const FORM_MEMBERS = [
  'access_token',
  'token_type',
  'expires_in',
  'refresh_token',
  'id_token',
  'error',
  'error_description'
] as const

/** Token types that a bearer cannot use: each call needs a proof of its own (RFC 9449). */
const PROVEN_TYPES = /^(dpop|mac|pop)$/i

/** An answer in the form of RFC 6749, and its ID token; null for none. */
export type TokenAnswer = { readonly raw: Response; readonly idToken: string | null }

/**
 * Reads the answer of a token endpoint and puts it into the form of RFC 6749 5.1 and 5.2: JSON, or what is
 * encoded like a form. Tolerates what providers get wrong: another content type, blank members, their own names
 * for a bearer token, `expires_in` as text, errors of their own form, and a refusal with a success status. Drops the
 * ID token unless `isOpenId`.
 *
 * @throws ConnectorError `IDENTITY_ANSWER_INVALID` for a token that is no bearer token.
 */
export async function readTokenAnswer(
  response: Response,
  host: string,
  isOpenId: boolean
): Promise<TokenAnswer> {
  const { status, headers } = response
  const text = await response.text()
  const body = readMembers(text, headers.get('content-type') ?? '')
  if (status >= 300 || isRefusal(body)) return { raw: refusal(body, response), idToken: null }
  if (body === undefined) return { raw: new Response(text, response), idToken: null }
  const kind = textMember(body, 'token_type') ?? ''
  if (PROVEN_TYPES.test(kind)) {
    const reason = `its token is of the type ${plainWord(kind)}, which is not supported`
    throw new ConnectorError('IDENTITY_ANSWER_INVALID', { host, reason })
  }
  const members = tokenMembers(body, isOpenId)
  const raw = new Response(JSON.stringify(members), {
    status: 200,
    headers: { 'content-type': 'application/json' }
  })
  return { raw, idToken: textMember(members, 'id_token') ?? null }
}

/** Whether an answer with a success status is a refusal. */
function isRefusal(body: JsonObject | undefined): boolean {
  if (body === undefined) return false
  const hasToken = (textMember(body, 'access_token') ?? '') !== ''
  return hasToken ? (textMember(body, 'error') ?? '') !== '' : saysRefused(body)
}

/** A refusal as in RFC 6749 5.2. A challenge of the provider says no more than its status. */
function refusal(body: JsonObject | undefined, { status, headers }: Response): Response {
  const { error, description } = refusalError(body)
  const said = { error: error || `status ${status}`, error_description: description }
  const retryAfter = headers.get('retry-after')
  return new Response(JSON.stringify(said), {
    status: status < 300 ? 400 : status,
    headers: {
      'content-type': 'application/json',
      ...(retryAfter !== null && { 'retry-after': retryAfter })
    }
  })
}

/** The members of a success. What a provider calls its bearer token does not matter. */
function tokenMembers(body: JsonObject, isOpenId: boolean): JsonObject {
  const seconds = Number(member(body, 'expires_in') || Number.NaN)
  const filled = (name: string): JsonObject => {
    const value = textMember(body, name) ?? ''
    return value === '' ? {} : { [name]: value }
  }
  return {
    ...filled('access_token'),
    token_type: 'bearer',
    ...(Number.isFinite(seconds) && seconds >= 0 && { expires_in: seconds }),
    ...filled('refresh_token'),
    ...(isOpenId && filled('id_token'))
  }
}

/** The members of a body, by its content type if that is true; undefined for a body of another form. */
function readMembers(text: string, contentType: string): JsonObject | undefined {
  const isForm = mediaEssence(contentType) === 'application/x-www-form-urlencoded'
  return isForm ? (readForm(text) ?? readJson(text)) : (readJson(text) ?? readForm(text))
}

function readJson(text: string): JsonObject | undefined {
  try {
    const value: unknown = JSON.parse(text)
    return isJsonObject(value) ? value : undefined
  } catch {
    return undefined
  }
}

function readForm(text: string): JsonObject | undefined {
  const form = new URLSearchParams(text.trim())
  if (!form.has('access_token') && !form.has('error')) return undefined
  const entries = FORM_MEMBERS.map(name => [name, form.get(name) ?? ''] as const)
  return Object.fromEntries(entries)
}
