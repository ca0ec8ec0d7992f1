import type { Pointer } from '../../base/json-pointer.ts'
import { pointer } from '../../base/json-pointer.ts'
import type { JsonObject, JsonValue } from '../../base/json.ts'
import { dictionary, isJsonObject, member, plainText, textMember } from '../../base/json.ts'
import { isJsonMediaType, mediaEssence } from '../../base/media-type.ts'
import { plainName } from '../../base/plain-name.ts'
import type { FieldRecord, FileRecord } from '../../model/body-record.ts'
import type { Compilation } from '../compilation.ts'
import type { LocatedSchema, SchemaView } from '../schema/schema-view.ts'
import { viewItems, viewSchema } from '../schema/view-schema.ts'

/** The member whose Encoding Object is read, and what its report needs. */
type Field = {
  readonly compilation: Compilation
  readonly name: string
  readonly isMultipart: boolean
  /** The Encoding Object. */
  readonly given: JsonObject
  readonly at: Pointer
  /** The schema of the value, or of each item of an array. */
  readonly held: SchemaView | undefined
}

const STYLES = ['form', 'spaceDelimited', 'pipeDelimited', 'deepObject'] as const

/** How the text of each `contentEncoding` stands for bytes (RFC 4648, RFC 2045); others are text. */
const CODINGS: { readonly [name: string]: FileRecord['coding'] } = {
  base64: 'base64',
  base64url: 'base64url',
  base16: 'hex'
}

/**
 * How the members of a form or a multipart body are written (docs/x-flow.md#forms-and-files): by their
 * Encoding Objects, and as files where their schemas say so. Undefined where all are written in the usual way.
 */
export function compileFields(
  compilation: Compilation,
  encoding: 'form' | 'multipart',
  media: JsonValue | undefined,
  mediaAt: Pointer,
  schema: LocatedSchema | undefined
): { readonly [member: string]: FieldRecord } | undefined {
  const view = schema && viewSchema(compilation, schema)
  const declared = member(media, 'encoding')
  const encodings = isJsonObject(declared) ? declared : {}
  const fields = dictionary<FieldRecord>()
  for (const name of new Set([...(view?.properties.keys() ?? []), ...Object.keys(encodings)])) {
    const located = view?.properties.get(name)
    const own = located && viewSchema(compilation, located)
    const given = member(encodings, name)
    const field = fieldRecord({
      compilation,
      name,
      isMultipart: encoding === 'multipart',
      given: isJsonObject(given) ? given : {},
      at: pointer(mediaAt, 'encoding', name),
      held: own && (viewItems(compilation, own) ?? own)
    })
    if (field !== undefined && compilation.afford(1)) fields[name] = field
  }
  return Object.keys(fields).length === 0 ? undefined : withFileNames(compilation, fields, view)
}

function fieldRecord(field: Field): FieldRecord | undefined {
  const contentType = contentTypeOf(field)
  const fileForm = field.isMultipart ? fileOf(field, contentType) : null
  const file = fileForm && { ...fileForm, nameFrom: null }
  const style = file === null ? styleOf(field) : null
  const mediaType = file === null && style === null ? contentType : null
  const headers = field.isMultipart ? headersOf(field, file !== null) : {}
  const isUsual = [style, mediaType, file].every(part => part === null)
  if (isUsual && Object.keys(headers).length === 0) return undefined
  return { style, mediaType, headers, file }
}

function styleOf({ given, held, ...field }: Field): FieldRecord['style'] {
  const { style, explode, allowReserved } = given
  const isReserved = allowReserved === true && held?.kind !== 'object'
  if (style === undefined && explode === undefined && !isReserved) return null
  const known = STYLES.find(name => name === (style ?? 'form'))
  if (known === undefined) {
    const reason = `"${plainText(style ?? '')}" is no style of a form`
    const remedy = `Use one of ${STYLES.join(', ')}`
    reportUnusable({ given, held, ...field }, reason, remedy)
    return null
  }
  return {
    style: known,
    explode: typeof explode === 'boolean' ? explode : known === 'form',
    allowReserved: allowReserved === true
  }
}

/** The first concrete media type of `contentType` that the value can be written as. */
function contentTypeOf(field: Field): string | null {
  const declared = textMember(field.given, 'contentType')
  if (declared === undefined) return null
  const concrete = declared
    .split(',')
    .map(name => name.trim())
    .find(isConcrete)
  if (concrete === undefined) {
    if (!declared.includes('*')) {
      reportUnusable(field, `"${declared}" is no media type`, 'Use a type such as image/png')
    }
    return null
  }
  const isWritten = isJsonMediaType(concrete) || mediaEssence(concrete) === 'text/plain'
  if (field.held?.kind === 'object' && !isWritten) {
    const remedy = 'Use application/json, or a property of text'
    reportUnusable(field, `an object cannot be written as ${concrete}`, remedy)
    return null
  }
  return concrete
}

/** Whether text is a media type without wildcards, so that it can be a header's value (RFC 9110 8.3.1). */
function isConcrete(name: string): boolean {
  return /^[\w!#$&^.+-]+\/[\w!#$&^.+-]+ *(?:;[\t\x20-\x7e]*)?$/.test(name)
}

/** Whether a value is a file, how its text stands for bytes, and its media type. */
function fileOf(
  { held }: Field,
  contentType: string | null
): Pick<FileRecord, 'coding' | 'mediaType'> | null {
  const kind = held?.kind ?? 'any'
  if (kind !== 'string' && kind !== 'any') return null
  const encoding = textMember(held?.keywords, 'contentEncoding')?.toLowerCase()
  const given = textMember(held?.keywords, 'contentMediaType')?.trim()
  const own = given !== undefined && isConcrete(given) ? given : undefined
  const mediaType = contentType ?? own ?? 'application/octet-stream'
  if (encoding !== undefined) return { coding: CODINGS[encoding] ?? 'text', mediaType }
  if (held?.format === 'binary') return { coding: 'base64', mediaType }
  const isBytes = !isTextual(mediaType) && !isJsonMediaType(mediaType)
  if (own !== undefined) return { coding: isBytes ? 'base64' : 'text', mediaType }
  return contentType !== null && isBytes ? { coding: 'base64', mediaType } : null
}

function isTextual(mediaType: string): boolean {
  const essence = mediaEssence(mediaType)
  return essence.startsWith('text/') || /^application\/(?:.+\+)?xml$/.test(essence)
}

/** The names of files by their members: `photoName` for `photo`; for the only file also `filename` and `name`. */
function withFileNames(
  compilation: Compilation,
  fields: Readonly<Record<string, FieldRecord>>,
  body: SchemaView | undefined
): Record<string, FieldRecord> {
  const files = Object.keys(fields).filter(name => fields[name]?.file)
  const texts = [...(body?.properties ?? [])].flatMap(([key, located]) =>
    files.length > 0 && viewSchema(compilation, located)?.kind === 'string' ? [key] : []
  )
  const named = Object.entries(fields).map(([name, field]): [string, FieldRecord] => {
    const own = plainName(name)
    const usual = files.length === 1 ? ['filename', 'name'] : []
    const wanted = [`${own}filename`, `${own}name`, ...usual]
    const beside = texts.filter(key => !files.includes(key))
    const found = wanted.flatMap(word => beside.filter(key => plainName(key) === word))
    return [name, { ...field, file: field.file && { ...field.file, nameFrom: found[0] ?? null } }]
  })
  return dictionary(named)
}

/** Headers of a part that have one value; those that the connector writes itself are left to it. */
function headersOf(field: Field, isFile: boolean): { readonly [name: string]: string } {
  const { compilation, given, at } = field
  const headers = dictionary<string>()
  const own = /^content-(?:type|disposition)$/i
  for (const [name, header] of Object.entries(isJsonObject(given.headers) ? given.headers : {})) {
    if (own.test(name) || (isFile && /^content-transfer-encoding$/i.test(name))) continue
    const found = compilation.resolveObject(header, pointer(at, 'headers', name))
    const schema = member(found?.value, 'schema')
    const view =
      schema === undefined || found === undefined
        ? undefined
        : viewSchema(compilation, { schema, at: pointer(found.at, 'schema') })
    const [only] = view?.allowed?.length === 1 ? view.allowed : []
    const value = plainText(only ?? view?.keywords.default ?? '')
    const isSendable = /^[\w!#$%&'*+.^`|~-]+$/.test(name) && /^[\t\x20-\x7e]+$/.test(value)
    if (isSendable) headers[name] = value
    else if (found?.value.required === true) {
      const remedy = 'Give its schema a `const` or a `default`'
      reportUnusable(field, `nothing fills the required header "${name}"`, remedy)
    }
  }
  return headers
}

function reportUnusable({ compilation, name, at }: Field, reason: string, remedy: string): void {
  compilation.report.add('ENCODING_UNUSABLE', at, { member: name, reason, remedy })
}
