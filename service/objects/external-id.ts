import { hash } from 'node:crypto'
import type { JsonObject, JsonValue } from '../base/json.ts'
import { isExactNumber, isJsonArray, member } from '../base/json.ts'
import { quoted } from '../base/json-text.ts'
import type { IdentityRecord } from '../model/type-record.ts'
import { decimalText, JSON_DEPTH_MAX } from './scalar-text.ts'

/** Longest text of an object, in UTF-16 units, that is not replaced by its digest. */
const SHORT_LENGTH = 200

/** First block of every generated UUID. */
const MARK = 'f10e1d00'

/** First blocks of one whose object was saved, and got no other id. */
const SAVED_MARK = `${MARK}-5a7e-8d00-`

/** How many last digits of an id are counted up for repeated content. */
const COUNTED = 7

/** Variant digits of a UUID (RFC 9562 4.1). */
const VARIANTS = ['8', '9', 'a', 'b']

const GENERATED = new RegExp(
  `^${MARK}-[0-9a-f]{4}-8[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$`,
  'i'
)

/**
 * The external id in an object's values (docs/x-flow.md#external-ids): the declared composite key when
 * all its parts have a value, else the first candidate that has one; numbers as their exact text.
 * Undefined when none has, so that an id must be generated.
 *
 * @param known Parts of a composite key that are known from elsewhere, by their names.
 */
export function ownId(
  identity: IdentityRecord,
  value: JsonValue,
  known?: ReadonlyMap<string, string>
): string | undefined {
  const composite = compositeId(identity, value, known)
  if (composite !== undefined) return composite
  for (const path of identity.candidates) {
    const found = valueAt(value, path)
    const text = typeof found === 'boolean' ? undefined : partText(found)
    if (text !== undefined) return text
  }
  return undefined
}

/** The same by the likeliest candidate alone, which decides which object it is. */
export function mainId(
  { composite, candidates }: IdentityRecord,
  value: JsonValue
): string | undefined {
  return ownId({ composite, candidates: candidates.slice(0, 1) }, value)
}

/** The composite key of an object, some parts of which may be known from elsewhere, by their names. */
export function compositeId(
  { composite }: IdentityRecord,
  value: JsonValue,
  known?: ReadonlyMap<string, string>
): string | undefined {
  if (composite === null) return undefined
  const parts = composite.map(
    ({ part, path }) => known?.get(part) ?? partText(valueAt(value, path))
  )
  return parts.every(part => part !== undefined) ? writeComposite(parts) : undefined
}

/**
 * The parts of a composite external id, by the names that `x-flow-type.id` gives them. Undefined
 * where the type declares no composite key or the id is not exactly one of its keys.
 */
export function compositeParts(
  id: string,
  identity: IdentityRecord
): { readonly [part: string]: string } | undefined {
  const texts = readComposite(id)
  if (texts === undefined || texts.length !== identity.composite?.length) return undefined
  return Object.fromEntries(identity.composite.map(({ part }, index) => [part, texts[index] ?? '']))
}

/** Whether an id was generated from an object's content, so that the API does not know it. */
export function isGeneratedId(id: string): boolean {
  return GENERATED.test(id)
}

/** Whether two ids are equal, or were generated from equal content. */
export function isOfSameContent(a: string, b: string): boolean {
  if (a === b || !isGeneratedId(a) || !isGeneratedId(b)) return a === b
  // Their last digits count objects that are equal.
  return a.slice(0, -COUNTED) === b.slice(0, -COUNTED)
}

/** Whether a generated id is that of an object that the API created without telling an id. */
export function isSavedId(id: string): boolean {
  return isGeneratedId(id) && id.toLowerCase().startsWith(SAVED_MARK)
}

/** A generated id with the mark that its object was saved. */
export function savedId(generated: string): string {
  return SAVED_MARK + generated.slice(SAVED_MARK.length)
}

/** The keys of an object in document order; and sorted, each with the text before its value. */
type Shape = {
  readonly keys: readonly string[]
  readonly members: readonly { readonly key: string; readonly head: string }[]
}

/** Makes the id of a value under a type. */
export type IdGenerator = (typeName: string, value: JsonValue) => string

/**
 * Generates ids for the objects of one answer: UUIDs of version 8 (RFC 9562 5.8) from the type's name,
 * the content, and an ordinal for repeated objects. The same answer always yields the same ids. Linear
 * in the size of the answer, however deeply nested.
 */
export function createIdGenerator(): IdGenerator {
  const texts = new Map<JsonObject, string>()
  /** By content: the id of the first object, and how many there were. */
  const given = new Map<string, { readonly first: string; count: number }>()

  // The objects of a list mostly have the same members in the same order.
  let shape: Shape = { keys: [], members: [] }

  function sortedMembers(keys: readonly string[]): Shape['members'] {
    const isSame =
      keys.length === shape.keys.length && keys.every((key, at) => key === shape.keys[at])
    if (!isSame) {
      const members = keys.toSorted().map(key => ({ key, head: `,${quoted(key)}:` }))
      shape = { keys, members }
    }
    return shape.members
  }

  // Long texts are replaced by their digests, so that none is copied or hashed once per level.
  function objectText(value: JsonObject, depth: number): string {
    const known = texts.get(value)
    if (known !== undefined) return known
    let members = ''
    let isFlat = true
    for (const { key, head } of sortedMembers(Object.keys(value))) {
      const held = value[key] ?? null
      if (typeof held === 'object' && held !== null) isFlat = false
      members += head
      members += text(held, depth + 1)
    }
    const isShort = members.length <= SHORT_LENGTH
    const written = isShort ? `{${members}}` : hash('sha256', members, 'base64url')
    // Only nested objects are asked for again. To keep a short text without objects takes longer than to write it.
    if (depth > 0 && !(isFlat && isShort)) texts.set(value, written)
    return written
  }

  function text(value: JsonValue, depth: number): string {
    if (typeof value === 'string') return quoted(value)
    if (typeof value === 'number' || isExactNumber(value)) return decimalText(value) ?? 'null'
    if (typeof value !== 'object' || value === null) return String(value)
    if (depth > JSON_DEPTH_MAX) return ''
    if (!isJsonArray(value)) return objectText(value, depth)
    let items = '['
    for (const item of value) items += `${text(item, depth + 1)},`
    return value.length === 0 ? '[]' : `${items.slice(0, -1)}]`
  }

  return (typeName, value) => {
    const content = `${quoted(typeName)}${text(value, 0)}`
    const known = given.get(content)
    if (known !== undefined) return countedUp(known.first, known.count++)
    const first = markedUuid(hash('sha256', content, 'hex'))
    given.set(content, { first, count: 1 })
    return first
  }
}

/** The id of repeated content: the last digits of the first one's, counted up. */
function countedUp(first: string, by: number): string {
  const last = (Number.parseInt(first.slice(-COUNTED), 16) + by) % 16 ** COUNTED
  return first.slice(0, -COUNTED) + last.toString(16).padStart(COUNTED, '0')
}

function markedUuid(hex: string): string {
  const variant = VARIANTS[Number.parseInt(hex.charAt(7), 16) % VARIANTS.length]
  return `${MARK}-${hex.slice(0, 4)}-8${hex.slice(4, 7)}-${variant}${hex.slice(8, 11)}-${hex.slice(11, 23)}`
}

function valueAt(value: JsonValue, path: readonly string[]): JsonValue | undefined {
  let found: JsonValue | undefined = value
  for (const part of path) found = member(found, part)
  return found
}

/** Text of a value that can be part of a key; undefined for none, blank text and anything nested. */
function partText(value: JsonValue | undefined): string | undefined {
  if (typeof value === 'string') return value.trim() === '' ? undefined : value
  if (typeof value === 'number' || isExactNumber(value)) return decimalText(value)
  return typeof value === 'boolean' ? String(value) : undefined
}

function writeComposite(parts: readonly string[]): string {
  return Buffer.from(JSON.stringify(parts)).toString('base64url')
}

function readComposite(id: string): string[] | undefined {
  try {
    const parts: unknown = JSON.parse(Buffer.from(id, 'base64url').toString())
    if (!Array.isArray(parts)) return undefined
    const texts = parts.filter(part => typeof part === 'string')
    // Base64url has several spellings of one text; only the canonical one is a key.
    return texts.length === parts.length && writeComposite(texts) === id ? texts : undefined
  } catch {
    return undefined
  }
}
