import type { JsonValue } from '../../base/json.ts'
import { dictionary } from '../../base/json.ts'
import type {
  MadeExampleRecord,
  MadeExampleSchema,
  MadeListSchema,
  MadeNumberSchema,
  MadeObjectSchema,
  MadeTextSchema
} from '../../model/example-record.ts'
import { findMeaning, isBlankName } from './find-meaning.ts'
import { momentOf } from './moment-meaning.ts'
import { identityOf, numberId, textId } from './made-id.ts'
import type { Place } from './place.ts'
import { inTurn } from './place.ts'
import type { Subject } from './subject.ts'
import { subjectOf } from './subject.ts'
import { fittingNumber } from './write-number.ts'
import { fittingText, knownFormat, textCandidates } from './write-text.ts'

/** Where a value is made, and for what. */
type Context = {
  readonly place: Place
  /** The object that has it. */
  readonly subject: Subject
  /** The name of the property that has it, also of one that has a list of it; blank for none. */
  readonly key: string
  /** The object is a row or an item of a list, and not a member of another. */
  readonly isItem: boolean
}

/**
 * Makes an example (docs/x-flow.md#generated-examples). A value depends on the seed, its row and its path in the
 * row only.
 *
 * @returns A value that fits the schema, but for what contradicts itself.
 */
export function makeExample({ schema, ...seeds }: MadeExampleRecord): JsonValue {
  const place = { ...seeds, row: 0, path: '' }
  const subject = subjectOf(place, undefined, '', [])
  return madeOf(schema, { place, subject, key: '', isItem: true })
}

function madeOf(schema: MadeExampleSchema, context: Context): JsonValue {
  if ('const' in schema) return schema.const
  if ('among' in schema) return schema.among[context.place.row % schema.among.length] ?? null
  switch (schema.type) {
    case 'object':
      return objectOf(schema, context)
    case 'array':
      return listOf(schema, context)
    case 'string':
      return textOf(schema, context)
    case 'boolean': {
      const { subject, key, place } = context
      return findMeaning(subject, key, place, 'flag').flag ?? true
    }
    case 'integer':
    case 'number':
      return numberOf(schema, context)
    default:
      return schema satisfies never
  }
}

function objectOf({ name, properties }: MadeObjectSchema, context: Context): JsonValue {
  const { place, key } = context
  const subject = subjectOf(place, name, key, Object.keys(properties))
  const members = dictionary<JsonValue>()
  for (const [key, schema] of Object.entries(properties)) {
    const path = place.path === '' ? key : `${place.path}.${key}`
    const inner = { ...context, place: { ...place, path }, subject, key }
    const blank = isBlankName(subject, key) ? blankOf(schema) : NO_BLANK
    const value =
      blank === NO_BLANK
        ? madeOf(schema, { ...inner, isItem: isLeaf(schema) && context.isItem })
        : blank
    if (value !== undefined) members[key] = value
  }
  return members
}

function isLeaf(schema: MadeExampleSchema): boolean {
  return !('type' in schema) || (schema.type !== 'object' && schema.type !== 'array')
}

/** No blank value fits. */
const NO_BLANK = Symbol('no blank')

/** The value of a member of which nothing is the likely value; undefined for a missing one. */
function blankOf(schema: MadeExampleSchema): JsonValue | undefined | typeof NO_BLANK {
  if ('const' in schema || 'among' in schema || schema.type === 'boolean') return NO_BLANK
  if (schema.orNull) return null
  if (schema.mayMiss) return undefined
  if (schema.type !== 'string' || schema.format !== undefined) return NO_BLANK
  return schema.pattern === undefined && (schema.minLength ?? 0) === 0 ? '' : NO_BLANK
}

/** As many items as its bounds allow, but none twice where that is not needed. */
function listOf({ items, minItems, maxItems }: MadeListSchema, context: Context): JsonValue {
  const { place, subject } = context
  const made = Array.from({ length: maxItems }, (_, index) => {
    const row = place.row * maxItems + index
    const path = `${place.path}[]`
    const inner = { ...subject, place: { ...subject.place, row } }
    return madeOf(items, {
      ...context,
      place: { ...place, row, path },
      subject: inner,
      isItem: true
    })
  })
  const different = made.filter((item, index) => index < minItems || made.indexOf(item) === index)
  return different
}

function textOf(schema: MadeTextSchema, context: Context): JsonValue {
  const { place, subject, key } = context
  const format = knownFormat(schema.format)
  const identity = identityOf(schema, subject, key, context.isItem, place)
  if (identity !== undefined && (format === undefined || format === 'uuid')) {
    return textId(schema, identity, place)
  }
  const meaning = findMeaning(subject, key, place, 'text')
  const candidates = textCandidates(format, meaning, subject, key, place)
  return fittingText(schema, candidates, place)
}

function numberOf(schema: MadeNumberSchema, context: Context): JsonValue {
  const { place, subject, key } = context
  const identity = identityOf(schema, subject, key, context.isItem, place)
  if (identity !== undefined) return numberId(schema, identity)
  const { moment, number, texts } = findMeaning(subject, key, place, 'number')
  const isMoment = knownFormat(schema.format) === 'unix-time' || schema.format === 'timestamp'
  const when = moment ?? (isMoment ? momentOf(subject, key) : undefined)
  if (when !== undefined) {
    const isExact = /m(illi)?s/i.test(schema.format ?? '') || /(millis|ms)$/i.test(key)
    return fittingNumber(schema, isExact ? when : when / 1_000, place)
  }
  const digits = texts?.find(text => /^\d{1,15}$/.test(text))
  const told = number ?? (digits === undefined ? undefined : Number(digits))
  return fittingNumber(schema, told ?? 1 + inTurn(place, 50), place)
}
