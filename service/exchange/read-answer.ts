import { bareUrl } from '../base/bare-url.ts'
import { parseJson } from '../base/exact-number.ts'
import type { JsonValue } from '../base/json.ts'
import { isJsonArray, isJsonObject } from '../base/json.ts'
import { oneLine } from '../base/one-line.ts'
import { isJsonMediaType, isJsonSequence, mediaEssence } from '../base/media-type.ts'
import { ConnectorError } from '../errors.ts'
import { refusalWords } from '../objects/refusal-words.ts'
import type { ApiResponse } from '../net/api-client.ts'
import type { RequestPlan } from '../plan/types.ts'
import { createRedaction } from './redaction.ts'
import { redirectProblem } from './redirects.ts'
import type { Answer } from './types.ts'

const BODY_MAX_BYTES = 4096

/** How much of the body of an error is read. */
const ERROR_MAX_BYTES = 65_536
const MESSAGE_MAX_LENGTH = 500

/** A longer plain text is a page, not a message. */
const PLAIN_MAX_LENGTH = 500

/**
 * Headers about the connection, a login or a proxy, which are not shown to the flow. Nor are those that
 * `Connection` names (RFC 9110 7.6.1).
 */
const HIDDEN_HEADERS =
  /^(authorization|authentication-info|connection|content-encoding|content-length|cookie2?|forwarded|keep-alive|proxy-.*|set-cookie2?|te|trailer|transfer-encoding|upgrade|via|x-forwarded-.*|x-real-ip)$/

/** What reading an answer needs to know of its call. */
type AnsweredCall = Pick<
  RequestPlan,
  | 'method'
  | 'url'
  | 'headers'
  | 'credential'
  | 'secrets'
  | 'answersJson'
  | 'isWrite'
  | 'missingCredential'
  | 'unsentCredentials'
>

/**
 * Reads the response to a call. Ignores the content type: a body that is JSON is read as JSON. Where none is
 * expected, plain text is text. A blank body of a 2xx is no body, nor is that of a 303, by which a write says
 * that it is done.
 *
 * @throws ConnectorError `API_ERROR` with the API's own status for 4xx and 5xx, with the message from the
 *   body, and the body without the call's credentials; `UPSTREAM_REDIRECT` for any other 3xx;
 *   `UPSTREAM_NOT_JSON` for a 2xx that is not JSON; `UPSTREAM_PROTOCOL` for a status that HTTP does not
 *   define.
 */
export function readAnswer(call: AnsweredCall, response: ApiResponse): Answer {
  const { status, headers } = response
  if (status < 200 || status > 599) {
    const reason = `its status is ${status}`
    throw new ConnectorError('UPSTREAM_PROTOCOL', { host: hostOf(call), reason })
  }
  if (status >= 400) throw apiError(call, response, wordsOf(response))
  if (status === 303 && call.isWrite) return { status, headers, body: undefined }
  if (status >= 300) throw redirectProblem(call, response)
  const text = bodyText(response)
  if (status === 204 || status === 205 || text.trim() === '') {
    return { status, headers, body: undefined }
  }
  const isSequence = isJsonSequence(headers['content-type'] ?? '')
  const lines = isSequence ? parsedLines(text) : undefined
  const body = lines ?? (call.answersJson ? parsed(text) : bodyOf(text, response))
  if (body === undefined && call.answersJson) {
    const mediaType = bodyKind(headers['content-type'] ?? '')
    throw new ConnectorError('UPSTREAM_NOT_JSON', { host: hostOf(call), status, mediaType })
  }
  if (body === undefined) return { status, headers, body }
  return { status, headers, body, problems: answerProblems(call, () => response) }
}

/** What makes the problems of an answer, once it is known to have any. */
export function answerProblems(
  call: AnsweredCall,
  response: () => ApiResponse
): Required<Answer>['problems'] {
  let redact: ((text: string) => string) | undefined
  return {
    refusal: words => apiError(call, response(), words),
    masked(text) {
      redact ??= createRedaction(call)
      return redact(text)
    }
  }
}

/** The values of a JSON sequence as a list; undefined where a line is no JSON. A line that is a list is that list. */
function parsedLines(text: string): JsonValue | undefined {
  const values: JsonValue[] = []
  // RFC 7464 puts a record separator before each value.
  for (const line of text.replaceAll('\u001e', '\n').split('\n')) {
    if (line.trim() === '') continue
    const value = parsed(line)
    if (value === undefined) return undefined
    values.push(value)
  }
  const [only, another] = values
  return another === undefined && isJsonArray(only) ? only : values
}

/** The JSON of an answer of no declared kind; plain text that is no list or object is text. */
function bodyOf(text: string, { headers }: ApiResponse): JsonValue | undefined {
  const body = parsed(text)
  const isText = mediaEssence(headers['content-type'] ?? '') === 'text/plain'
  // An id such as 1e5 is no number.
  return isText && typeof body !== 'string' && !isJsonArray(body) && !isJsonObject(body)
    ? text.trim()
    : body
}

function hostOf({ url }: AnsweredCall): string {
  return URL.parse(url)?.host ?? url
}

/** Names the media type of a body in a message. A malformed one is not repeated. */
function bodyKind(contentType: string): string {
  const essence = mediaEssence(contentType)
  if (isJsonMediaType(essence)) return `malformed ${essence}`
  return /^[\w.+-]{1,99}\/[\w.+-]{1,99}$/.test(essence) ? essence : 'a body of no media type'
}

/** @param words The API's words, in full; blank for none. */
function apiError(call: AnsweredCall, response: ApiResponse, words: string): ConnectorError {
  const { status } = response
  const redact = createRedaction(call)
  const message = oneLine(redact(words)).slice(0, MESSAGE_MAX_LENGTH)
  // A refusal in a 2xx has no status that says whether a credential was missing.
  const mayBeDenied = status === 401 || status === 403 || status < 300
  const credential = mayBeDenied ? credentialHint(call) : ''
  const connectionHeaders = (response.headers.connection ?? '').toLowerCase().split(/[\s,]+/)
  const shownHeaders = Object.entries(response.headers)
    .filter(([name]) => !HIDDEN_HEADERS.test(name) && !connectionHeaders.includes(name))
    .map(([name, value]) => [name, redact(value)])
  return new ConnectorError(
    'API_ERROR',
    { message: message === '' ? `the API answered ${status}` : message, credential },
    {
      status: status < 300 ? 502 : status,
      upstream: {
        url: redact(URL.canParse(call.url) ? bareUrl(call.url) : call.url),
        status,
        headers: Object.fromEntries(shownHeaders),
        body: cut(redact(errorText(response)), BODY_MAX_BYTES)
      }
    }
  )
}

/** What the configuration has to do with a call that was refused. */
function credentialHint({ missingCredential, unsentCredentials }: AnsweredCall): string {
  const missing =
    missingCredential === null ? '' : ` Configuration value "${missingCredential}" is missing.`
  const unsent = unsentCredentials.map(
    name =>
      ` Configuration value "${name}" is not sent, because \`security\` of the operation names no scheme for it.`
  )
  return missing + unsent.join('')
}

/** Decodes a body by its charset, as UTF-8 if there is none or an unknown one. */
function bodyText({ headers, body }: Pick<ApiResponse, 'headers' | 'body'>): string {
  const [, charset] = /;\s*charset="?([\w-]+)/i.exec(headers['content-type'] ?? '') ?? []
  try {
    return new TextDecoder(charset ?? 'utf-8').decode(body)
  } catch {
    return new TextDecoder().decode(body)
  }
}

/** The first 64 KB of a body, of which an error shows less. */
function errorText({ headers, body }: Pick<ApiResponse, 'headers' | 'body'>): string {
  return bodyText({ headers, body: body.subarray(0, ERROR_MAX_BYTES) })
}

function parsed(text: string): JsonValue | undefined {
  try {
    return parseJson(text)
  } catch {
    return undefined
  }
}

/** The API's words in an error: those of its JSON, or a short text as it is. */
function wordsOf(response: ApiResponse): string {
  const text = errorText(response)
  const body = parsed(text)
  if (body !== undefined) return refusalWords(body)
  const isPlain = mediaEssence(response.headers['content-type'] ?? '') === 'text/plain'
  return isPlain && text.length < PLAIN_MAX_LENGTH ? text : ''
}

/** Cuts a text to a number of UTF-8 bytes. */
function cut(text: string, maxBytes: number): string {
  return text.slice(0, new TextEncoder().encodeInto(text, new Uint8Array(maxBytes)).read)
}
