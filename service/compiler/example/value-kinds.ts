import type { JsonValue } from '../../base/json.ts'
import { isExactNumber, isJsonArray, isJsonObject, plainText } from '../../base/json.ts'
import type { Compilation } from '../compilation.ts'
import type { SchemaKind } from '../schema/schema-kind.ts'
import type { LocatedSchema, SchemaView } from '../schema/schema-view.ts'
import { viewSchema } from '../schema/view-schema.ts'

// Kinds of values against kinds of schemas, and how a diagnostic names them.

/** How many allowed values a reason lists. */
export const LISTED_MAX = 5

/** Of longer texts only the beginning is shown. */
const SHOWN_MAX = 40

/** Of longer texts the rest is not read for that. */
const TEXT_MAX = 1_000

/** Text that is a number or a boolean in quotation marks. */
const QUOTED = /^(?:true|false|-?(?:0|[1-9]\d*)(?:\.\d+)?)$/

const KIND_NAMES: { readonly [kind in Exclude<SchemaKind, 'any' | 'mixed'>]: string } = {
  object: 'an object',
  array: 'a list',
  string: 'text',
  number: 'a number',
  integer: 'an integer',
  boolean: 'a boolean'
}

/**
 * What text means as the example of a parameter or a header, where it may be written as it is sent: a number, a boolean,
 * or a list with commas. Any other value is as it is.
 */
export function readSerialized(
  compilation: Compilation,
  value: JsonValue,
  due: LocatedSchema
): JsonValue {
  const view = typeof value === 'string' ? viewSchema(compilation, due) : undefined
  if (view === undefined || typeof value !== 'string' || value.length > TEXT_MAX) return value
  if (view.kind === 'array' && !/^\s*[[{]/.test(value)) {
    const { items } = view
    const listed = value.split(',')
    return items === null ? listed : listed.map(item => readSerialized(compilation, item, items))
  }
  const isScalar = view.kind === 'integer' || view.kind === 'number' || view.kind === 'boolean'
  return isScalar && QUOTED.test(value) ? JSON.parse(value) : value
}

/** What to write where a value is of another kind. */
export function kindFix(value: JsonValue, view: SchemaView): string {
  const due = kindName(view)
  const isScalar = !isJsonObject(value) && !isJsonArray(value)
  if (view.kind === 'string' && isScalar) {
    return 'Write it in quotation marks, or correct the schema.'
  }
  if (typeof value !== 'string') return `Write ${due}, or correct the schema.`
  const isQuoted = QUOTED.test(value) && isOfKind(JSON.parse(value), view)
  if (isQuoted) return 'Write it without quotation marks, or correct the schema.'
  const isText = /^\s*[[{]/.test(value)
  return isText
    ? `Write ${due}, not text, or correct the schema.`
    : `Write ${due}, or correct the schema.`
}

/** Whether a value is of the kind of a schema. */
export function isOfKind(value: JsonValue, { kind, keywords }: SchemaView): boolean {
  const { type } = keywords
  const named = isJsonArray(type) ? type : []
  const kinds = named.length > 0 ? named : [kind]
  return kinds.some(each => {
    if (each === 'object') return isJsonObject(value)
    if (each === 'array') return isJsonArray(value)
    if (each === 'integer') return isWhole(value)
    if (each === 'number') return typeof value === 'number' || isExactNumber(value)
    // A type that is not written is guessed, as of text, from what is beside it.
    return (
      typeof value === each || (type === undefined && !isJsonObject(value) && !isJsonArray(value))
    )
  })
}

function isWhole(value: JsonValue): boolean {
  return isExactNumber(value) ? /^-?\d+$/.test(value.rawJSON) : Number.isInteger(value)
}

/** The kind of a schema in words: `an object`. */
export function kindName({ kind }: SchemaView): string {
  return kind === 'any' || kind === 'mixed' ? 'another value' : KIND_NAMES[kind]
}

/** What a value is, in words. */
export function nameOf(value: JsonValue): string {
  if (isJsonObject(value)) return 'an object'
  if (isJsonArray(value)) return 'a list'
  return typeof value === 'string' ? `the text ${shown(value)}` : shown(value)
}

/** The beginning of a value, in one line. */
export function shown(value: JsonValue): string {
  // A line break in a message would end its line.
  const text = plainText(value).slice(0, TEXT_MAX).replace(/\s+/g, ' ')
  const cut = text.length > SHOWN_MAX ? `${text.slice(0, SHOWN_MAX)}…` : text
  return typeof value === 'string' ? `"${cut}"` : cut
}

/** The beginning of a long name. */
export function shownName(name: string): string {
  return name.length > SHOWN_MAX ? `${name.slice(0, SHOWN_MAX)}…` : name
}
