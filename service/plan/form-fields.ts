import type { JsonValue } from '../base/json.ts'
import { isExactNumber, isJsonArray, isJsonObject, ownMember } from '../base/json.ts'
import { isJsonMediaType } from '../base/media-type.ts'
import { trimTrailing } from '../base/trim-trailing.ts'
import type { FieldRecord, FileRecord } from '../model/body-record.ts'
import type { EndpointRecord } from '../model/endpoint-record.ts'
import type { Refuse } from './parameter-style.ts'
import { encodeUnreserved, refusalOf, scalarText } from './parameter-style.ts'
import type { PlannedPart } from './types.ts'

const NO_FIELD: Partial<FieldRecord> = {}

type Fields = { readonly [member: string]: FieldRecord }

/** One field with its text; `isJson` for the text of an object, an array, or of a value declared as JSON. */
type WrittenField = { readonly name: string; readonly text: string; readonly isJson: boolean }

/**
 * Writes an object as form-urlencoded text (docs/x-flow.md#forms-and-files). A scalar is its text, null is
 * blank, an array repeats its field, an object is JSON text; unless the field has a style or a media type.
 *
 * @throws ConnectorError `PARAMETER_INVALID` for lone surrogates.
 */
export function writeForm(endpoint: EndpointRecord, fields: Fields, body: JsonValue): string {
  const texts = membersOf(body).map(([name, value]) => {
    const field = ownMember(fields, name)
    const written = writeField(name, field, value, refusalOf(endpoint, name))
    const pairs = written.map(({ name: key, text }) => [key, text] as [string, string])
    if (field?.style?.allowReserved !== true) return new URLSearchParams(pairs).toString()
    return pairs.map(pair => pair.map(encodeUnreserved).join('=')).join('&')
  })
  return texts.filter(text => text !== '').join('&')
}

/**
 * Writes an object as the parts of a multipart body (docs/x-flow.md#forms-and-files): files as bytes, other
 * values like the fields of a form, each object with the media type of JSON.
 *
 * @throws ConnectorError `PARAMETER_INVALID` for a file whose text is not in its coding, and for lone
 *   surrogates.
 */
export function writeMultipart(
  endpoint: EndpointRecord,
  fields: Fields,
  body: JsonValue
): PlannedPart[] {
  const members = membersOf(body)
  return members.flatMap(([name, value]): PlannedPart[] => {
    const refuse = refusalOf(endpoint, name)
    const field = ownMember(fields, name)
    const { headers = {}, mediaType: declared = null, file = null } = field ?? NO_FIELD
    const own = Object.keys(headers).length > 0 ? { headers } : {}
    if (file !== null) {
      const [, given] = members.find(([key]) => key === file.nameFrom) ?? []
      const filename = typeof given === 'string' && given.trim() !== '' ? given : name
      const { mediaType } = file
      return writeFiles(file, value, refuse).map(bytes => {
        return { name, value: bytes, mediaType, filename, ...own }
      })
    }
    return writeField(name, field, value, refuse).map(({ name: key, text, isJson }) => {
      const mediaType = declared ?? (isJson ? 'application/json' : null)
      // Text of a declared type is no file, as it is not without the declaration.
      const isPlain = !isJson && declared !== null
      return { name: key, value: text, mediaType, ...(isPlain && { filename: null }), ...own }
    })
  })
}

function membersOf(body: JsonValue): [name: string, value: JsonValue][] {
  return Object.entries(isJsonObject(body) ? body : {})
}

function writeField(
  name: string,
  field: FieldRecord | undefined,
  value: JsonValue,
  refuse: Refuse
): WrittenField[] {
  if (value === null) return [{ name, text: '', isJson: false }]
  const { style = null, mediaType = null } = field ?? NO_FIELD
  if (style !== null) return writeStyled(name, style, value, refuse)
  if (mediaType !== null && isJsonMediaType(mediaType)) {
    return [{ name, text: JSON.stringify(value), isJson: true }]
  }
  return (isJsonArray(value) ? value : [value]).map(item => {
    const text = item === null ? '' : scalarText(item, refuse)
    return { name, text, isJson: isJsonArray(item) || isJsonObject(item) }
  })
}

const DELIMITERS = { form: ',', deepObject: ',', spaceDelimited: ' ', pipeDelimited: '|' }

/** The fields of a value in a style of parameters (OpenAPI 3.1.1, 4.8.12.3). */
function writeStyled(
  name: string,
  { style, explode }: NonNullable<FieldRecord['style']>,
  value: JsonValue,
  refuse: Refuse
): WrittenField[] {
  const field = (key: string, text: string): WrittenField => ({ name: key, text, isJson: false })
  const delimiter = DELIMITERS[style]
  if (style === 'deepObject') return writeDeep(name, value, refuse)
  if (isJsonArray(value)) {
    const texts = value.filter(item => item !== null).map(item => scalarText(item, refuse))
    return explode ? texts.map(text => field(name, text)) : [field(name, texts.join(delimiter))]
  }
  if (!isJsonObject(value)) return [field(name, scalarText(value, refuse))]
  const members = Object.entries(value).map(([key, part]): [string, string] => [
    key,
    part === null ? '' : scalarText(part, refuse)
  ])
  if (explode) return members.map(([key, text]) => field(key, text))
  return [field(name, members.flat().join(delimiter))]
}

/** `name[key]=value`; the items of an array by their indices, which the standard leaves open. */
function writeDeep(name: string, value: JsonValue, refuse: Refuse): WrittenField[] {
  const parts = isJsonArray(value) || isJsonObject(value) ? Object.entries(value) : []
  if (parts.length > 0) {
    return parts.flatMap(([key, part]) => writeDeep(`${name}[${key}]`, part, refuse))
  }
  const isBlank = typeof value === 'object' && !isExactNumber(value)
  return [{ name, text: isBlank ? '' : scalarText(value, refuse), isJson: false }]
}

/** The bytes of a file, or of each of several. */
function writeFiles(file: FileRecord, value: JsonValue, refuse: Refuse): Uint8Array[] {
  return (isJsonArray(value) ? value : [value])
    .filter(item => item !== null)
    .map(item => bytesOf(file, scalarText(item, refuse), refuse))
}

/** The alphabets of the codings (RFC 4648). */
const ALPHABETS = {
  base64: /^[A-Za-z0-9+/]*={0,2}$/,
  base64url: /^[A-Za-z0-9_-]*={0,2}$/,
  hex: /^(?:[A-Fa-f0-9]{2})*$/
}

function bytesOf({ coding }: FileRecord, text: string, refuse: Refuse): Uint8Array {
  if (coding === 'text') return Buffer.from(text)
  // Encoders break long lines.
  const dense = text.replace(/[\r\n]+/g, '').trim()
  const isWhole = coding === 'hex' || trimTrailing(dense, '=').length % 4 !== 1
  if (isWhole && ALPHABETS[coding].test(dense)) return Buffer.from(dense, coding)
  throw refuse(`it is a file, and no ${coding} text`, `Give it the bytes of the file in ${coding}`)
}
