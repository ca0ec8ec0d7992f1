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

/**
 * Types of what is no bearer token: each call needs a proof of its own (RFC 9449), or it is no access token at all
 * (RFC 8693 2.2.1).
 */
const OTHER_TYPES = /^(?:dpop|h?mac|pop|n_a)(?![a-z0-9])/i

/** What Slack calls the token of an app, which is no user's. */
const APP_TYPE = 'bot'

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
  const granted = body && withUserToken(body)
  if (status >= 300 || isRefusal(granted)) return { raw: refusal(body, response), idToken: null }
  if (granted === undefined) return { raw: new Response(text, response), idToken: null }
  const kind = (textMember(granted, 'token_type') ?? '').trim()
  if (OTHER_TYPES.test(kind)) {
    const reason = `its token is of the type ${plainWord(kind)}, which is not supported`
    throw new ConnectorError('IDENTITY_ANSWER_INVALID', { host, reason })
  }
  const members = tokenMembers(granted, isOpenId)
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

/**
 * Slack puts the token of the user into `authed_user`, beside one of the app or none. Only the user's says who logs in.
 */
function withUserToken(body: JsonObject): JsonObject {
  const user = member(body, 'authed_user')
  if (!isJsonObject(user) || (textMember(user, 'access_token') ?? '') === '') return body
  const hasOwn = (textMember(body, 'access_token') ?? '') !== ''
  const isOfApp = textMember(body, 'token_type')?.trim().toLowerCase() === APP_TYPE
  return hasOwn && !isOfApp ? body : user
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
