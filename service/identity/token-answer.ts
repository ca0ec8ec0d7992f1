import type { JsonObject } from '../base/json.ts'
import { isJsonObject, member, textMember } from '../base/json.ts'
import { mediaEssence } from '../base/media-type.ts'
import { ConnectorError } from '../errors.ts'
import { plainWord } from './provider-failure.ts'

/** The members of an answer in form encoding that are read. */
const FORM_MEMBERS = [
  'access_token',
  'token_type',
  'expires_in',
  'refresh_token',
  'id_token',
  'error'
] as const

/**
 * Types of what is no bearer token: each call needs a proof of its own (RFC 9449), or it is no access token at all
 * (RFC 8693 2.2.1).
 */
const OTHER_TYPES = /^(?:dpop|h?mac|pop|n_a)(?![a-z0-9])/i

/** What Slack calls the token of an app, which is no user's. */
const APP_TYPE = 'bot'

/**
 * Reads the answer of a token endpoint and puts it into the form of RFC 6749 5.1 and 5.2: JSON, or what is
 * encoded like a form. Tolerates what providers get wrong: another content type, blank members, their own names
 * for a bearer token, `expires_in` as text, and an `error` with a success status. Drops the ID token unless
 * `isOpenId`.
 *
 * @throws ConnectorError `IDENTITY_CLIENT_REFUSED` for a 401 that gives no error, `IDENTITY_ANSWER_INVALID`
 *   for a token that is no bearer token.
 */
export async function readTokenAnswer(
  response: Response,
  host: string,
  isOpenId: boolean
): Promise<Response> {
  const { status, headers } = response
  const text = await response.text()
  const body = readMembers(text, headers.get('content-type') ?? '')
  const error = textMember(body, 'error') ?? ''
  if (status === 401 && error === '') {
    throw new ConnectorError('IDENTITY_CLIENT_REFUSED', { host, error: `status ${status}` })
  }
  if (body === undefined || (status >= 300 && error === '')) return new Response(text, response)
  if (error !== '') {
    const asJson = new Headers(headers)
    asJson.set('content-type', 'application/json')
    const refusal = { status: status < 300 ? 400 : status, headers: asJson }
    return new Response(JSON.stringify({ error }), refusal)
  }
  const granted = withUserToken(body)
  const kind = (textMember(granted, 'token_type') ?? '').trim()
  if (OTHER_TYPES.test(kind)) {
    const reason = `its token is of the type ${plainWord(kind)}, which is not supported`
    throw new ConnectorError('IDENTITY_ANSWER_INVALID', { host, reason })
  }
  return new Response(JSON.stringify(tokenMembers(granted, isOpenId)), {
    status: 200,
    headers: { 'content-type': 'application/json' }
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
