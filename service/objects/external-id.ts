import { hash } from 'node:crypto'
import type { JsonObject, JsonValue } from '../base/json.ts'
import { isExactNumber, isJsonArray, member } from '../base/json.ts'
import { quoted } from '../base/json-text.ts'
import type { IdentityRecord } from '../model/type-record.ts'
import { decimalText, JSON_DEPTH_MAX } from './scalar-text.ts'

/** Objects whose members take no more UTF-16 units stand in the texts around them as they are. */
const SHORT_LENGTH = 200

/** Our mark in every generated id: the first block of the UUID. */
const MARK = 'f10e1d00'

/** Last digits of an id that are counted up where its content comes again. */
const COUNTED = 7

/** First digits of the block that says how a UUID is made (RFC 9562 4.1). */
const VARIANTS = ['8', '9', 'a', 'b']

const GENERATED = new RegExp(
  `^${MARK}-[0-9a-f]{4}-8[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$`,
  'i'
)

/**
 * The external id that an object's own values give (x-flow 3.2): the declared composite key when all
 * its parts have a value, else the first candidate that has one; numbers as their exact text.
 * Undefined when none has, so that an id must be generated.
 */
export function ownId(identity: IdentityRecord, value: JsonValue): string | undefined {
  if (identity.composite !== null) {
    const parts = identity.composite.map(({ path }) => partText(valueAt(value, path)))
    if (parts.every(part => part !== undefined)) return writeComposite(parts)
  }
  for (const path of identity.candidates) {
    const found = valueAt(value, path)
    const text = typeof found === 'boolean' ? undefined : partText(found)
    if (text !== undefined) return text
  }
  return undefined
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

/** Whether an id was made here from an object's content, so that it identifies nothing at the API. */
export function isGeneratedId(id: string): boolean {
  return GENERATED.test(id)
}

/** The members of an object in their order there, and sorted, each with the text before its value. */
type Shape = {
  readonly keys: readonly string[]
  readonly members: readonly { readonly key: string; readonly head: string }[]
}

/** Makes the id of a value under a type. */
export type IdGenerator = (typeName: string, value: JsonValue) => string

/**
 * Makes the ids of one answer's objects that have none of their own: a UUID of version 8 (RFC 9562
 * 5.8) from the type's name, the content, and an ordinal where equal objects come again. The same
 * answer always gives the same ids. Linear in the size of the answer, however deep it is nested.
 */
export function createIdGenerator(): IdGenerator {
  const texts = new Map<JsonObject, string>()
  const repeats = new Map<string, () => string>()

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

  // What is short stands in its parent's text as it is, the rest as its digest, so that nothing is
  // hashed or copied again and again.
  function objectText(value: JsonObject, depth: number): string {
    const known = texts.get(value)
    if (known !== undefined) return known
    let members = ''
    for (const { key, head } of sortedMembers(Object.keys(value))) {
      members += head
      members += text(value[key] ?? null, depth + 1)
    }
    const isShort = members.length <= SHORT_LENGTH
    const written = isShort ? `{${members}}` : hash('sha256', members, 'base64url')
    // What stands in nothing is not asked for again.
    if (depth > 0) texts.set(value, written)
    return written
  }

  function text(value: JsonValue, depth: number): string {
    if (typeof value === 'string') return quoted(value)
    if (typeof value === 'number' || isExactNumber(value)) return decimalText(value) ?? 'null'
    if (typeof value !== 'object' || value === null) return String(value)
    if (depth > JSON_DEPTH_MAX) return ''
    if (!isJsonArray(value)) return objectText(value, depth)
    return `[${value.map(item => text(item, depth + 1)).join()}]`
  }

  return (typeName, value) => {
    const content = `${quoted(typeName)}${text(value, 0)}`
    const next = repeats.get(content)
    if (next !== undefined) return next()
    const id = markedUuid(hash('sha256', content, 'hex'))
    repeats.set(content, ordinals(id))
    return id
  }
}

/** The ids of content that comes again: the end of the first one is a number that is counted up. */
function ordinals(first: string): () => string {
  const head = first.slice(0, -COUNTED)
  let last = Number.parseInt(first.slice(-COUNTED), 16)
  return () => {
    last = (last + 1) % 16 ** COUNTED
    return head + last.toString(16).padStart(COUNTED, '0')
  }
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
    // Base64url has several spellings of one text; only our own is a key.
    return texts.length === parts.length && writeComposite(texts) === id ? texts : undefined
  } catch {
    return undefined
  }
}
