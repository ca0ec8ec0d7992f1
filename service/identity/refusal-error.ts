import type { JsonObject, JsonValue } from '../base/json.ts'
import { isJsonArray, isJsonObject, member, plainText, textMember } from '../base/json.ts'
import { refusalWords } from '../objects/refusal-words.ts'
import { refusalMeaning } from './refusal-meaning.ts'

/** How a token endpoint refuses: its error (RFC 6749 5.2), and words for people. Both may be blank. */
export type RefusalError = { readonly error: string; readonly description: string }

/** Members that hold an error and nothing else. */
const ERROR_MEMBERS = ['error', 'error_code', 'errorCode', 'errcode', 'error_type']

/** Members that hold an error in a refusal (HubSpot, Strava, Facebook), and something else in other answers. */
const OTHER_MEMBERS = ['code', 'status', 'type', 'category', 'reason', 'message']

/** Flags that deny a success (Slack). */
const FLAGS = ['ok', 'success']

/** Longest description that is looked at. */
const DESCRIPTION_MAX = 500

/** The error of a body: the first that is known, else the first. */
export function refusalError(body: JsonObject | undefined): RefusalError {
  const words = errorWords(body, [...ERROR_MEMBERS, ...OTHER_MEMBERS])
  const error = words.find(isKnown) ?? words[0] ?? ''
  const description = textMember(body, 'error_description') ?? refusalWords(body)
  return { error, description: description.slice(0, DESCRIPTION_MAX) }
}

/** Whether an answer with a success status and without a token is a refusal. */
export function saysRefused(body: JsonObject): boolean {
  if (FLAGS.some(flag => /^false$/i.test(plainText(member(body, flag) ?? '')))) return true
  return errorWords(body, ERROR_MEMBERS).length > 0 || errorWords(body, OTHER_MEMBERS).some(isKnown)
}

function isKnown(word: string): boolean {
  return refusalMeaning({ error: word, description: '', status: 0 }) !== 'nothing'
}

/** Texts and numbers of an `error` that is an object, of the first of `errors`, and of the body itself. */
function errorWords(body: JsonObject | undefined, names: readonly string[]): string[] {
  const errors = member(body, 'errors')
  const nested = [member(body, 'error'), isJsonArray(errors) ? errors[0] : errors]
  const inner = nested.flatMap(place => wordsIn(place, [...ERROR_MEMBERS, ...OTHER_MEMBERS]))
  return [...inner, ...wordsIn(body, names)]
}

function wordsIn(place: JsonValue | undefined, names: readonly string[]): string[] {
  return isJsonObject(place) ? names.flatMap(name => wordOf(place[name])) : []
}

/** 0 is a code for no error. */
function wordOf(value: JsonValue | undefined): string[] {
  if (typeof value !== 'string' && typeof value !== 'number') return []
  const word = plainText(value).trim()
  return word === '' || word === '0' ? [] : [word]
}
