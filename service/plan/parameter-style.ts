import { numberText } from '../base/exact-number.ts'
import type { JsonValue } from '../base/json.ts'
import { isExactNumber, isJsonArray, isJsonObject } from '../base/json.ts'
import { encodeCookie, percentEncoded } from '../base/percent-encoding.ts'
import { ConnectorError } from '../errors.ts'
import type { BoundParameter } from '../model/bound-parameters.ts'
import type { EndpointRecord } from '../model/endpoint-record.ts'

/** Makes the problem of a value that a parameter cannot take: why, and what would be right. */
export type Refuse = (reason: string, remedy: string) => ConnectorError

/** Problems `PARAMETER_INVALID` of one parameter. They never show the value, which may be a secret. */
export function refusalOf(
  { method, path }: Pick<EndpointRecord, 'method' | 'path'>,
  parameter: string
): Refuse {
  return (reason, remedy) =>
    new ConnectorError('PARAMETER_INVALID', { parameter, method, path, reason, remedy })
}

type Styled = Pick<
  BoundParameter,
  'name' | 'style' | 'explode' | 'allowReserved' | 'encodeTwice' | 'json'
>

/** Escapes one piece of text for its location. */
type Encode = (text: string) => string

/** A value whose texts are encoded. */
type Pieces =
  | { readonly form: 'scalar'; readonly text: string }
  | { readonly form: 'list'; readonly items: readonly string[] }
  | { readonly form: 'object'; readonly members: readonly (readonly [string, string])[] }

type Pair = readonly [name: string, value: string]

/** `.` or `..`, percent-encoded any number of times: URL parsers resolve them all. */
const DOT_SEGMENT = /^(?:\.|%(?:25)*2e){1,2}$/i

/** Characters of a field value (RFC 9110 5.5), as Node allows them. */
const FIELD_VALUE = /^[\t\x20-\x7e\x80-\xff]*$/

/** Whether a segment of a path is a dot segment (RFC 3986 3.3). */
export function isDotSegment(segment: string): boolean {
  return DOT_SEGMENT.test(segment)
}

/** Whether text can be a header's value as it is. */
export function isFieldValue(text: string): boolean {
  return FIELD_VALUE.test(text)
}

/**
 * Writes a value for a path: styles `simple`, `label` and `matrix` (OpenAPI 3.1.1, 4.8.12.3). It never
 * has a `/` and is never a dot segment.
 *
 * @throws ConnectorError `PARAMETER_INVALID` for blank text, dot segments, control characters and lone
 *   surrogates.
 */
export function pathText(parameter: Styled, value: JsonValue, refuse: Refuse): string {
  const pieces = piecesOf(parameter, value, refuse, text => {
    if (/\p{Cc}/u.test(text)) {
      throw refuse('it has control characters', 'Give it a text of visible characters')
    }
    return encodeOnceOrTwice(parameter, text, encodeURIComponent)
  })
  const written = pathStyle(parameter, pieces)
  const isBlank = pieces.form === 'scalar' ? pieces.text === '' : written === ''
  if (isBlank || isDotSegment(written)) {
    throw refuse(
      isBlank ? 'it is blank, and stands in the path' : 'it would step to another path',
      'Give it a text other than "", "." and ".."'
    )
  }
  return written
}

/**
 * Writes a value for a query, `a=1&a=2`: styles `form`, `spaceDelimited`, `pipeDelimited` and
 * `deepObject`. Everything is percent-encoded. `allowReserved` exempts reserved characters, except those
 * that would end a value or change it (`#`, `&`, `=`, `+`, brackets).
 *
 * @throws ConnectorError `PARAMETER_INVALID` for lone surrogates.
 */
export function queryText(parameter: Styled, value: JsonValue, refuse: Refuse): string {
  const once = parameter.allowReserved ? encodeUnreserved : encodeURIComponent
  const encode: Encode = text => encodeOnceOrTwice(parameter, text, once)
  const name = encodeName(parameter.name)
  const isDeep = parameter.style === 'deepObject' && isJsonObject(value) && !parameter.json
  const pieces = isDeep ? null : piecesOf(parameter, value, refuse, encode)
  const pairs =
    pieces === null
      ? deepPairs(parameter.name, value, refuse, encode)
      : formPairs(name, pieces, parameter.explode, delimiterOf(parameter))
  return pairs.map(([key, text]) => `${key}=${text}`).join('&')
}

/**
 * Writes a value for a header: style `simple`, not percent-encoded.
 *
 * @throws ConnectorError `PARAMETER_INVALID` for anything but visible Latin-1 characters, blanks and
 *   tabs, so that no value can end its line.
 */
export function headerText(parameter: Styled, value: JsonValue, refuse: Refuse): string {
  const pieces = piecesOf(parameter, value, refuse, text =>
    // JSON text can escape every character; other text cannot.
    parameter.json ? text.replace(/[^\x20-\x7e]/g, escapeUnit) : text
  )
  const text = joinPieces(pieces, parameter.explode, ',')
  if (isFieldValue(text)) return text
  throw refuse(
    'a header cannot hold its characters',
    'Give it Latin-1 text without line breaks and other control characters'
  )
}

/**
 * Writes a value as cookies, `name=value` each: style `form`. Characters that would end or split a cookie
 * are percent-encoded: `;`, `,`, `=`, blanks, quotes, controls; and `%`.
 *
 * @throws ConnectorError `PARAMETER_INVALID` for lone surrogates.
 */
export function cookiePairs(parameter: Styled, value: JsonValue, refuse: Refuse): string[] {
  const pieces = piecesOf(parameter, value, refuse, encodeCookie)
  return formPairs(encodeCookie(parameter.name), pieces, parameter.explode, ',').map(
    ([name, text]) => `${name}=${text}`
  )
}

/**
 * The text of one scalar: numbers with all their digits, anything nested as JSON text.
 *
 * @throws ConnectorError `PARAMETER_INVALID` for lone surrogates, and numbers of over 400 digits.
 */
export function scalarText(value: JsonValue, refuse: Refuse): string {
  const text =
    typeof value === 'number' || isExactNumber(value)
      ? numberText(value)
      : typeof value === 'string'
        ? value
        : JSON.stringify(value)
  if (text === undefined) throw refuse('it has too many digits', 'Give it a shorter number')
  if (text.isWellFormed()) return text
  throw refuse('it is not well-formed Unicode', 'Give it well-formed Unicode text')
}

function piecesOf(parameter: Styled, value: JsonValue, refuse: Refuse, encode: Encode): Pieces {
  const write = (part: JsonValue): string => encode(scalarText(part, refuse))
  if (parameter.json) return { form: 'scalar', text: write(JSON.stringify(value)) }
  if (isJsonArray(value)) {
    return { form: 'list', items: value.filter(item => item !== null).map(write) }
  }
  if (!isJsonObject(value)) return { form: 'scalar', text: write(value) }
  const members = Object.entries(value).filter(([, part]) => part !== null)
  return { form: 'object', members: members.map(([key, part]) => [write(key), write(part)]) }
}

function pathStyle({ name, style, explode }: Styled, pieces: Pieces): string {
  if (style === 'label') return `.${joinPieces(pieces, explode, explode ? '.' : ',')}`
  if (style !== 'matrix') return joinPieces(pieces, explode, ',')
  return formPairs(percentEncoded(name), pieces, explode, ',')
    .map(([key, text]) => (text === '' ? `;${key}` : `;${key}=${text}`))
    .join('')
}

/** A value as one text without the parameter's name; exploded members are `key=value`. */
function joinPieces(pieces: Pieces, explode: boolean, delimiter: string): string {
  if (pieces.form === 'scalar') return pieces.text
  if (pieces.form === 'list') return pieces.items.join(delimiter)
  return pieces.members.map(pair => pair.join(explode ? '=' : ',')).join(delimiter)
}

/** The pairs of a value: one under the parameter's name, or exploded one for each item or member. */
function formPairs(name: string, pieces: Pieces, explode: boolean, delimiter: string): Pair[] {
  if (pieces.form === 'scalar') return [[name, pieces.text]]
  if (pieces.form === 'list') {
    if (explode) return pieces.items.map(item => [name, item])
    return pieces.items.length === 0 ? [] : [[name, pieces.items.join(delimiter)]]
  }
  if (explode) return [...pieces.members]
  return pieces.members.length === 0 ? [] : [[name, pieces.members.flat().join(delimiter)]]
}

/** `name[key]=value`. An array repeats its key, objects nest: servers read this beyond the standard. */
function deepPairs(name: string, value: JsonValue, refuse: Refuse, encode: Encode): Pair[] {
  if (value === null) return []
  if (isJsonArray(value)) return value.flatMap(item => deepPairs(name, item, refuse, encode))
  if (isJsonObject(value)) {
    return Object.entries(value).flatMap(([key, part]) =>
      deepPairs(`${name}[${scalarText(key, refuse)}]`, part, refuse, encode)
    )
  }
  return [[encodeName(name), encode(scalarText(value, refuse))]]
}

function delimiterOf({ style }: Styled): string {
  if (style === 'spaceDelimited') return '%20'
  return style === 'pipeDelimited' ? '%7C' : ','
}

/** Keeps names such as `$filter` as APIs document them. */
function encodeName(name: string): string {
  return percentEncoded(name).replace(/%(?:24|2F|3A|40)/g, decodeURIComponent)
}

function encodeOnceOrTwice({ encodeTwice }: Styled, text: string, encode: Encode): string {
  return encode(encodeTwice ? encodeURIComponent(text) : text)
}

/** Percent-encodes text for a query, except reserved characters that end or change no value. */
export function encodeUnreserved(text: string): string {
  return percentEncoded(text).replace(/%(?:24|2C|2F|3A|3B|3F|40)/g, decodeURIComponent)
}

function escapeUnit(character: string): string {
  return `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`
}
