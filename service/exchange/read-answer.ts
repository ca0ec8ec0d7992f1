import { isUtf8 } from 'node:buffer'

import { VALUE_BYTES } from '../base/byte-budget.ts'
import { bareUrl } from '../base/bare-url.ts'
import { withoutMark } from '../base/bytes.ts'
import { parseJson } from '../base/exact-number.ts'
import type { JsonValue } from '../base/json.ts'
import type { JsonReading } from '../base/read-json.ts'
import { isShortJson, JsonBoundError, MEMBERS_MAX, startJson } from '../base/read-json.ts'
import { isJsonArray, isJsonObject } from '../base/json.ts'
import { oneLine } from '../base/one-line.ts'
import { isJsonMediaType, isJsonSequence, mediaEssence } from '../base/media-type.ts'
import { ConnectorError } from '../errors.ts'
import type { Turns } from '../time/turns.ts'
import { createTurns, inTurns } from '../time/turns.ts'
import { refusalWords } from '../objects/refusal-words.ts'
import type { ApiResponse } from '../net/api-client.ts'
import type { ResponseBytes } from '../net/response-budget.ts'
import { takeBytes } from '../net/response-budget.ts'
import type { RequestPlan } from '../plan/types.ts'
import { bodyStart, bodyText, decoderOf } from './answer-text.ts'
import { challengeWords } from './challenge-words.ts'
import { createRedaction } from './redaction.ts'
import { redirectProblem } from './redirects.ts'
import type { RepeatedAnswers } from './repeated-answers.ts'
import { shownHeaders } from './shown-answer.ts'
import type { Answer } from './types.ts'

const BODY_MAX_BYTES = 4096

const MESSAGE_MAX_LENGTH = 500

/** A longer plain text is a page, not a message. */
const PLAIN_MAX_LENGTH = 500

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

/** Lists and objects inside each other in an answer, at most. */
const DEPTH_MAX = 1_000

/** A longer body is read in turns of the event loop. */
const LONG_BYTES = 64 * 1024

/** Bytes of a long body that are decoded in one step. */
const STEP_BYTES = 1024 * 1024

/** How much of an answer is read, and until when. */
export type AnswerBounds = {
  /** Most values of its JSON: `ANSWER_MAX_VALUES`. */
  readonly maxValues: number
  readonly signal: AbortSignal
  /** Whether the answer keeps the bytes that it was read from. */
  readonly keepsSource: boolean
  /** What the values of a long body count for. The caller gives them back. */
  readonly held: ResponseBytes
  /** The short bodies that came before. */
  readonly repeated: RepeatedAnswers
}

/**
 * Reads the response to a call. Ignores the content type: a body that is JSON is read as JSON. Where none is
 * expected, plain text is text. A blank body of a 2xx is no body, nor is that of a 303, by which a write says
 * that it is done. A long body is read in turns, and its values are counted before anything is made of them.
 *
 * @throws ConnectorError `API_ERROR` with the API's own status for 4xx and 5xx, with the message from the
 *   body, and the body without the call's credentials; `UPSTREAM_REDIRECT` for any other 3xx;
 *   `UPSTREAM_NOT_JSON` for a 2xx that is not JSON; `UPSTREAM_PROTOCOL` for a status that HTTP does not
 *   define; `ANSWER_TOO_MANY_VALUES` and `ANSWER_TOO_DEEP` for more JSON than is read;
 *   `ANSWERS_FULL`.
 */
export function readAnswer(
  call: AnsweredCall,
  response: ApiResponse,
  bounds: AnswerBounds
): Answer | Promise<Answer> {
  const { status, headers } = response
  if (status === 303 && call.isWrite) return { status, headers, body: undefined }
  if (status < 200 || status > 299) throw statusProblem(call, response)
  if (status === 204 || status === 205) return { status, headers, body: undefined }
  if (response.body.length > LONG_BYTES) return readLong(call, response, bounds)
  const { repeated, keepsSource, held } = bounds
  const mayRepeat = !keepsSource && !call.isWrite
  const known = mayRepeat ? repeated.recall(held.owner, call.url, response) : undefined
  if (known !== undefined) return answerOf(call, response, '', known)
  const text = bodyText(response)
  for (const given of jsonTexts(response, text)) {
    const json = readShort(call, given, bounds)
    if (json === undefined) continue
    if (mayRepeat) repeated.notice(held.owner, call.url, response, json)
    const answer = answerOf(call, response, text, json)
    const isSource = keepsSource && isPlainUtf8(response)
    return isSource ? { ...answer, source: response.body } : answer
  }
  return answerOf(call, response, text, undefined)
}

/** Whether the bytes of a body are one JSON text, if they are JSON. */
function isPlainUtf8(response: ApiResponse): boolean {
  return (
    decoderOf(response).encoding === 'utf-8' &&
    !isJsonSequence(response.headers['content-type'] ?? '') &&
    isUtf8(response.body)
  )
}

/** Reads a JSON text at once; undefined for text that is not JSON. */
function readShort(call: AnsweredCall, text: string, bounds: AnswerBounds): JsonValue | undefined {
  const limits = { values: bounds.maxValues, depth: DEPTH_MAX }
  if (isShortJson(text, limits)) return parsed(text)
  const reading = startJson(Buffer.from(text), limits)
  return settled(call, bounds, reading, () => runToEnd(reading))
}

/** The problem of a status that is no success. */
export function statusProblem(call: AnsweredCall, response: ApiResponse): ConnectorError {
  const { status } = response
  if (status < 200 || status > 599) {
    const reason = `its status is ${status}`
    return new ConnectorError('UPSTREAM_PROTOCOL', { host: hostOf(call), reason })
  }
  if (status >= 400) return apiError(call, response, wordsOf(response))
  return redirectProblem(call, response)
}

/** Reads a long body in turns. */
async function readLong(
  call: AnsweredCall,
  response: ApiResponse,
  bounds: AnswerBounds
): Promise<Answer> {
  const turns = createTurns(bounds.signal)
  const { body } = response
  if (isPlainUtf8(response)) {
    const json = await readInTurns(call, withoutMark(body), bounds, turns)
    const isText = !isJsonArray(json) && !isJsonObject(json)
    const text = isText ? await decodeInTurns(response, turns) : ''
    const answer = answerOf(call, response, text, json)
    return bounds.keepsSource ? { ...answer, source: body } : answer
  }
  const text = await decodeInTurns(response, turns)
  for (const given of jsonTexts(response, text)) {
    const json = await readInTurns(call, Buffer.from(given), bounds, turns)
    if (json !== undefined) return answerOf(call, response, text, json)
  }
  return answerOf(call, response, text, undefined)
}

async function decodeInTurns(response: ApiResponse, turns: Turns): Promise<string> {
  const { body } = response
  const decoder = decoderOf(response)
  let text = ''
  let at = 0
  await inTurns(turns, () => {
    const end = at + STEP_BYTES
    text += decoder.decode(body.subarray(at, end), { stream: end < body.length })
    at = end
    return at >= body.length
  })
  return text
}

/** Reads a JSON text, whose values count before they are made; undefined for text that is not JSON. */
async function readInTurns(
  call: AnsweredCall,
  bytes: Uint8Array,
  bounds: AnswerBounds,
  turns: Turns
): Promise<JsonValue | undefined> {
  const reading = startJson(bytes, { values: bounds.maxValues, depth: DEPTH_MAX })
  let failure: unknown
  await inTurns(turns, () => {
    try {
      return takeStep(reading, bounds.held)
    } catch (error) {
      failure = error
      return true
    }
  })
  return settled(call, bounds, reading, () => {
    if (failure !== undefined) throw failure
  })
}

/** Reads more of a body, whose values count before they are made. */
function takeStep(reading: JsonReading, held: ResponseBytes): boolean {
  const before = reading.count()
  const isDone = reading.step()
  const refusal = takeBytes(held, (reading.count() - before) * VALUE_BYTES)
  if (refusal !== null) throw refusal
  return isDone
}

function runToEnd(reading: JsonReading): void {
  while (!reading.step());
}

/** The value of a JSON text once it was read; undefined for text that is not JSON. */
function settled(
  call: AnsweredCall,
  { maxValues }: AnswerBounds,
  reading: JsonReading,
  end: () => void
): JsonValue | undefined {
  try {
    end()
    return reading.result()
  } catch (error) {
    if (error instanceof SyntaxError) return undefined
    if (!(error instanceof JsonBoundError)) throw error
    const of = `of ${hostOf(call)}`
    if (error.bound === 'depth') {
      throw new ConnectorError('ANSWER_TOO_DEEP', { of, limit: DEPTH_MAX })
    }
    throw error.bound === 'values'
      ? new ConnectorError('ANSWER_TOO_MANY_VALUES', { of, limit: maxValues, what: 'values' })
      : new ConnectorError('ANSWER_TOO_MANY_VALUES', {
          of,
          limit: MEMBERS_MAX,
          what: 'members in one object'
        })
  }
}

/** @param json The body as JSON; undefined for anything else. */
function answerOf(
  call: AnsweredCall,
  response: ApiResponse,
  text: string,
  json: JsonValue | undefined
): Answer {
  const { status, headers } = response
  if (json === undefined && text.trim() === '') return { status, headers, body: undefined }
  const body = call.answersJson ? json : bodyOf(text, json, response)
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

/**
 * The JSON texts that a body may be, the likeliest first. The values of a sequence, one a line, are a list (RFC 7464,
 * JSON Lines).
 */
function jsonTexts({ headers }: Pick<ApiResponse, 'headers'>, text: string): readonly string[] {
  if (!isJsonSequence(headers['content-type'] ?? '') || text.trim() === '') return [text]
  // RFC 7464 puts a record separator before each value.
  const lines = text.replaceAll('\u001e', '\n').split('\n')
  const values = lines.filter(line => line.trim() !== '')
  const [only = '', another] = values
  const isList = another === undefined && only.trimStart().startsWith('[')
  return [isList ? only : `[${values.join()}]`, text]
}

/** The JSON of an answer of no declared kind; plain text that is no list or object is text. */
function bodyOf(
  text: string,
  body: JsonValue | undefined,
  { headers }: ApiResponse
): JsonValue | undefined {
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
  return new ConnectorError(
    'API_ERROR',
    { message: message === '' ? `the API answered ${status}` : message, credential },
    {
      status: status < 300 ? 502 : status,
      upstream: {
        url: redact(URL.canParse(call.url) ? bareUrl(call.url) : call.url),
        status,
        headers: shownHeaders(response, redact),
        body: cut(redact(bodyStart(response)), BODY_MAX_BYTES)
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

function parsed(text: string): JsonValue | undefined {
  try {
    return parseJson(text)
  } catch {
    return undefined
  }
}

/** The API's words in an error: those of its JSON, a short text as it is, or else those of its challenge. */
function wordsOf(response: ApiResponse): string {
  return bodyWords(response) || challengeWords(response.headers['www-authenticate'])
}

function bodyWords(response: ApiResponse): string {
  const text = bodyStart(response)
  const body = parsed(text)
  if (body !== undefined) return refusalWords(body)
  const isPlain = mediaEssence(response.headers['content-type'] ?? '') === 'text/plain'
  return isPlain && text.length < PLAIN_MAX_LENGTH ? text : ''
}

/** Cuts a text to a number of UTF-8 bytes. */
function cut(text: string, maxBytes: number): string {
  return text.slice(0, new TextEncoder().encodeInto(text, new Uint8Array(maxBytes)).read)
}
