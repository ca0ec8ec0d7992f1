import { splitPath } from '../../base/dotted-path.ts'
import type { Pointer } from '../../base/json-pointer.ts'
import { pointer } from '../../base/json-pointer.ts'
import type { JsonObject, JsonValue } from '../../base/json.ts'
import { isJsonObject, member, plainText, textMember } from '../../base/json.ts'
import { suggestion } from '../../errors.ts'
import type { Criterion, Source } from '../../model/mapping-record.ts'
import { CRITERIA, isRead, LIST_WORDS, USER_FIELDS } from '../../model/mapping-record.ts'
import type { PropertyRecord } from '../../model/type-record.ts'
import type { Compilation } from '../compilation.ts'
import { ENCODINGS, SourceObject } from '../../vocabulary/source-forms.ts'
import type { TypeDraft } from '../schema/compile-types.ts'
import type { MappingContext } from './types.ts'

const SOURCE_MEMBERS = Object.keys(SourceObject.properties)

/** What fills a parameter, and a constant for when that yields nothing. */
export type CompiledSource = {
  readonly sources: readonly Source[]
  readonly fallback?: JsonValue
  /** `encode: double`. */
  readonly encodeTwice?: true
}

/**
 * Reads the right side of a parameter (docs/x-flow.md#parameters): a source word, a property,
 * `{default}`, `{from, default, encode}` or `{from: orderBy, ascending, descending}`.
 */
export function compileSource(
  context: MappingContext,
  given: JsonValue,
  at: Pointer
): CompiledSource {
  const { compilation, mapping } = context
  if (typeof given === 'string') return { sources: wordSource(context, given, at) }
  const from = textMember(given, 'from')
  if (!isJsonObject(given) || (from === undefined && given.default === undefined)) {
    const reason = 'a source is a word, a property, {default: …} or {from: …}'
    const holes = { key: mapping.key, reason, section: 'parameters' }
    compilation.report.add('EXTENSION_MALFORMED', at, holes)
    return { sources: [] }
  }
  for (const name of Object.keys(given).filter(word => !SOURCE_MEMBERS.includes(word))) {
    compilation.report.add('MEMBER_UNKNOWN', pointer(at, name), {
      key: mapping.key,
      given: name,
      suggestion: compilation.suggest(name, () => SOURCE_MEMBERS),
      known: SOURCE_MEMBERS.join(', ')
    })
  }
  const more = {
    ...(given.default !== undefined && { fallback: given.default }),
    ...(isEncodedTwice(context, given, at) && { encodeTwice: true as const })
  }
  if (from === undefined) return { sources: [], ...more }
  const ascending = textMember(given, 'ascending')
  if (from === 'orderBy' && ascending !== undefined) {
    const descending = textMember(given, 'descending') ?? ascending
    return { sources: [{ from: 'order', ascending, descending }], ...more }
  }
  return { sources: wordSource(context, from, at), ...more }
}

/** Reads `encode`; anything but its two words is a warning. */
function isEncodedTwice({ compilation }: MappingContext, given: JsonObject, at: Pointer): boolean {
  const { encode = 'single' } = given
  const known = ENCODINGS.find(word => word === encode)
  if (known === undefined) {
    const shown = plainText(encode)
    const suggestion = compilation.suggest(shown, () => ENCODINGS)
    const reason = `it is neither of ${ENCODINGS.join(' and ')}${suggestion}`
    compilation.report.add('ENCODE_UNUSABLE', pointer(at, 'encode'), { given: shown, reason })
  }
  return known === 'double'
}

function wordSource(context: MappingContext, word: string, at: Pointer): Source[] {
  const { draft, mapping } = context
  const isLoad = isRead(mapping.verb)
  const names = (): string[] => draft.properties.map(({ name }) => name)
  if (/^\$user\./i.test(word)) {
    const wanted = word.slice('$user.'.length).toLowerCase()
    const field = USER_FIELDS.find(name => name.toLowerCase() === wanted)
    if (field !== undefined) return [{ from: 'user', field }]
    return reportUnknown(context, word, at, () => USER_FIELDS.map(name => `$User.${name}`))
  }
  if (/^\$var\./i.test(word)) return [{ from: 'variable', name: word.slice('$var.'.length) }]
  if (word === 'id' || word === 'externalId') return [{ from: 'id', part: null }]
  const composite = draft.named?.extension.id
  const part = /^(?:id|externalId)\.(.+)$/.exec(word)?.[1]
  if (part !== undefined && Array.isArray(composite) && composite.includes(part)) {
    return [{ from: 'id', part }]
  }
  const listWord = LIST_WORDS.find(known => known === word)
  if (isLoad && listWord !== undefined) return [{ from: listWord }]
  const path = propertyPath(context.types, draft, word)
  if (path === undefined) {
    const words = isLoad ? [...LIST_WORDS, 'id'] : ['externalId']
    return reportUnknown(context, word, at, () => [...words, ...names()])
  }
  if (isLoad) return [{ from: 'filter', column: path.join('.'), criterion: 'EQUAL', any: false }]
  return [{ from: 'property', path }]
}

function reportUnknown(
  { compilation, draft }: MappingContext,
  given: string,
  at: Pointer,
  known: () => readonly string[]
): [] {
  const holes = { given, type: draft.name, suggestion: compilation.suggest(given, known) }
  compilation.report.add('SOURCE_UNKNOWN', at, holes)
  return []
}

/** Developer names from the outside in, for a property given by name or by JSON member, dotted when nested. */
function propertyPath(types: Types, draft: TypeDraft, given: string): string[] | undefined {
  return propertiesAt(types, draft, given)?.map(({ name }) => name)
}

type Types = MappingContext['types']

/** The properties on a dotted way into nested types, from the outside in; undefined where it leads nowhere. */
function propertiesAt(types: Types, draft: TypeDraft, given: string): PropertyRecord[] | undefined {
  const literal = propertyNamed(draft.properties, given)
  if (literal !== undefined) return [literal]
  const found: PropertyRecord[] = []
  let type: TypeDraft | undefined = draft
  for (const part of splitPath(given)) {
    const next: PropertyRecord | undefined = type && propertyNamed(type.properties, part)
    if (next === undefined) return undefined
    found.push(next)
    type = next.value.form === 'object' ? types.get(next.value.type) : undefined
  }
  return found.length === 0 ? undefined : found
}

/**
 * The nested columns that an API takes conditions on, as properties of the outer type under their dotted names. They are
 * custom: in the objects of an answer they are not at the top.
 */
export function nestedColumns(
  types: Types,
  draft: TypeDraft,
  sources: readonly Source[]
): readonly PropertyRecord[] {
  const columns = new Set(
    sources.flatMap(source => (source.from === 'filter' ? source.column : []))
  )
  return [...columns].flatMap(name => {
    const path = propertiesAt(types, draft, name) ?? []
    const inner = path.at(-1)
    return inner === undefined || path.length < 2
      ? []
      : [{ ...inner, name, key: null, custom: true }]
  })
}

/** The properties of a type by every name that finds them, made on first use. */
const indexes = new WeakMap<readonly PropertyRecord[], ReadonlyMap<string, PropertyRecord>>()

/** A property by its developer name, its JSON member, or either without regard to case. */
export function propertyNamed(
  properties: readonly PropertyRecord[],
  given: string
): PropertyRecord | undefined {
  const index = indexes.get(properties) ?? indexProperties(properties)
  indexes.set(properties, index)
  const words = [`name ${given}`, `key ${given}`, `either ${given.toLowerCase()}`]
  return words.map(word => index.get(word)).find(property => property !== undefined)
}

function indexProperties(properties: readonly PropertyRecord[]): Map<string, PropertyRecord> {
  const index = new Map<string, PropertyRecord>()
  for (const property of properties) {
    const { name, key } = property
    const words = [`name ${name}`, `either ${name.toLowerCase()}`]
    if (key !== null) words.push(`key ${key}`, `either ${key.toLowerCase()}`)
    for (const word of words) if (!index.has(word)) index.set(word, property)
  }
  return index
}

/** One condition that an API takes, and the parameter that takes it. */
type WhereEntry = {
  readonly parameter: string
  readonly source: Source
  readonly at: Pointer
}

/**
 * Reads `parameters.where` (docs/x-flow.md#filters-order-and-search), whose left side is the flow
 * property and whose right side the API's parameter: `City: city`, `Created: {GREATER_THAN: after}`,
 * `Status: {EQUAL: {parameter: status, any: true}}`.
 */
export function compileWhere(
  context: MappingContext,
  where: JsonObject,
  at: Pointer
): WhereEntry[] {
  const { properties } = context.draft
  return Object.entries(where).flatMap(([given, right]) => {
    const entryAt = pointer(at, given)
    const path = propertyPath(context.types, context.draft, given)
    if (path === undefined) {
      return reportUnknown(context, given, entryAt, () => properties.map(({ name }) => name))
    }
    const criteria: readonly (readonly [string, JsonValue])[] = isJsonObject(right)
      ? Object.entries(right)
      : [['EQUAL', right]]
    return criteria.flatMap(([word, target]) =>
      whereEntry(context, path.join('.'), word, target, entryAt)
    )
  })
}

/** Words of other languages for criteria. */
const CRITERION_WORDS: readonly (readonly [RegExp, Criterion])[] = [
  [/^(?:eq|={1,3}|is)$/i, 'EQUAL'],
  [/^(?:ne|neq|!=|<>)$/i, 'NOT_EQUAL'],
  [/^(?:gt|>|after)$/i, 'GREATER_THAN'],
  [/^(?:gte|ge|>=|from|since)$/i, 'GREATER_THAN_OR_EQUAL'],
  [/^(?:lt|<|before)$/i, 'LESS_THAN'],
  [/^(?:lte|le|<=|to|until)$/i, 'LESS_THAN_OR_EQUAL'],
  [/^(?:like|i?contains?|in|has)$/i, 'CONTAINS'],
  [/^(?:null|empty|isnull)$/i, 'IS_EMPTY']
]

/** The criterion that a word is likely to mean, else all of them. */
function likelyCriterion({ suggest }: Compilation, word: string): string {
  const [, known] = CRITERION_WORDS.find(([form]) => form.test(word)) ?? []
  if (known !== undefined) return suggestion(known)
  return suggest(word, () => CRITERIA) || `; the criteria are ${CRITERIA.join(', ')}`
}

function whereEntry(
  { compilation, mapping }: MappingContext,
  column: string,
  word: string,
  target: JsonValue,
  at: Pointer
): WhereEntry[] {
  const criterion = CRITERIA.find(known => known === word.toUpperCase())
  const parameter = typeof target === 'string' ? target : textMember(target, 'parameter')
  if (criterion === undefined || parameter === undefined) {
    const reason =
      criterion === undefined
        ? `"${word}" is no criterion${likelyCriterion(compilation, word)}`
        : 'the right side of `where` is the name of a parameter'
    const holes = { key: mapping.key, reason, section: 'filters-order-and-search' }
    compilation.report.add('EXTENSION_MALFORMED', at, holes)
    return []
  }
  const any = member(target, 'any') === true
  return [{ parameter, source: { from: 'filter', column, criterion, any }, at }]
}
