import fc from 'fast-check'

import type { JsonValue } from '../../service/base/json.ts'
import { isJsonArray, isJsonObject, member, textMember } from '../../service/base/json.ts'
import { hostileText } from './hostile-values.ts'

/** What is known of a member beyond its schema, by its name. */
export type Vocabulary = {
  /** Texts that mean something there. */
  readonly words: { readonly [member: string]: readonly string[] }
  /** What stands there instead of what its schema says. */
  readonly values: { readonly [member: string]: fc.Arbitrary<JsonValue> }
  /** Members that are seldom left out. */
  readonly usual: readonly string[]
}

type Place = {
  /** Name of the member that the schema describes, or whose items it describes. */
  readonly name: string
  /** How often references were followed to get here. */
  readonly depth: number
  readonly definitions: JsonValue | undefined
}

const DEPTH_MAX = 3

/** Values that fit a JSON Schema, as far as TypeBox writes them, with words that mean something. */
export function arbitraryOf(schema: unknown, vocabulary: Vocabulary): fc.Arbitrary<JsonValue> {
  return fitting(schema, { name: '', depth: 0, definitions: undefined }, vocabulary)
}

function fitting(schema: unknown, at: Place, vocabulary: Vocabulary): fc.Arbitrary<JsonValue> {
  const place = { ...at, definitions: member(schema, '$defs') ?? at.definitions }
  const given = vocabulary.values[at.name]
  if (given !== undefined) return given
  const reference = textMember(schema, '$ref')
  if (reference !== undefined) {
    const name = reference.split('/').at(-1) ?? ''
    const deeper = { ...place, depth: place.depth + 1 }
    return fitting(member(place.definitions, name), deeper, vocabulary)
  }
  const choices = member(schema, 'anyOf')
  if (isJsonArray(choices)) return anyOf(choices, place, vocabulary)
  const constant = member(schema, 'const')
  if (constant !== undefined) return fc.constant(constant)
  switch (member(schema, 'type')) {
    case 'null':
      return fc.constant(null)
    case 'boolean':
      return fc.boolean()
    case 'integer':
      return fc.oneof(fc.nat({ max: 5 }), fc.constantFrom(0, 100, 2 ** 31 - 1))
    case 'string':
      return textAt(place, vocabulary)
    case 'array':
      return listOf(member(schema, 'items'), place, vocabulary)
    case 'object':
      return objectOf(schema, place, vocabulary)
    default:
      return fc.jsonValue({ maxDepth: 2 }).map(plain)
  }
}

function anyOf(
  choices: readonly JsonValue[],
  place: Place,
  vocabulary: Vocabulary
): fc.Arbitrary<JsonValue> {
  const weight = usualness(place.name, vocabulary)
  return fc.oneof(
    ...choices.map(choice => ({
      weight: member(choice, 'type') === 'null' ? 1 : weight,
      arbitrary: fitting(choice, place, vocabulary)
    }))
  )
}

function textAt({ name }: Place, { words }: Vocabulary): fc.Arbitrary<string> {
  const meant = words[name] ?? Object.values(words).flat()
  return fc.oneof(
    { weight: 5, arbitrary: fc.constantFrom(...meant) },
    { weight: 1, arbitrary: hostileText }
  )
}

function listOf(
  items: JsonValue | undefined,
  place: Place,
  vocabulary: Vocabulary
): fc.Arbitrary<JsonValue> {
  if (place.depth >= DEPTH_MAX) return fc.constant([])
  return fc.array(fitting(items, place, vocabulary), { maxLength: 4 })
}

function objectOf(schema: unknown, place: Place, vocabulary: Vocabulary): fc.Arbitrary<JsonValue> {
  const members = Object.entries(member(schema, 'properties') ?? {}).map(([name, inner]) => {
    const freq = usualness(name, vocabulary)
    const value = fitting(inner, { ...place, name }, vocabulary)
    return fc.option(value, { freq, nil: undefined }).map(held => [name, held] as const)
  })
  return fc
    .tuple(...members)
    .map(held => Object.fromEntries(held.flatMap(([n, v]) => (v === undefined ? [] : [[n, v]]))))
}

/** How many times as often a member is there as it is not. */
function usualness(name: string, { usual }: Vocabulary): number {
  return usual.includes(name) ? 200 : 2
}

/** What fast-check makes of JSON, as the service's own kind of it. */
export function plain(value: unknown): JsonValue {
  if (Array.isArray(value)) return value.map(plain)
  if (isJsonObject(value)) {
    return Object.fromEntries(Object.entries(value).map(([key, held]) => [key, plain(held)]))
  }
  const isScalar = value === null || ['boolean', 'number', 'string'].includes(typeof value)
  return isScalar ? JSON.parse(JSON.stringify(value)) : null
}
