import type { Pointer } from '../../base/json-pointer.ts'
import { pointer } from '../../base/json-pointer.ts'
import { splitPath } from '../../base/dotted-path.ts'
import type { JsonObject, JsonValue } from '../../base/json.ts'
import { isJsonObject, member, plainText, textMember } from '../../base/json.ts'
import type { Compilation } from '../compilation.ts'
import type { TypeDraft } from '../schema/compile-types.ts'
import type { PropertyRecord } from '../../model/type-record.ts'
import type { MappingVerb, Source } from '../../model/mapping-record.ts'
import { CRITERIA, isRead, LIST_WORDS, USER_FIELDS } from '../../model/mapping-record.ts'

const SOURCE_MEMBERS = ['from', 'default', 'ascending', 'descending', 'encode']

/** What the right side of a parameter says: what fills it, and a constant when that yields nothing. */
export type CompiledSource = {
  readonly sources: readonly Source[]
  readonly fallback?: JsonValue
  /** `encode: double` (x-flow 16). */
  readonly encodeTwice?: true
}

/** For which mapping of which type a source is read. */
export type SourceScope = {
  readonly type: TypeDraft
  readonly types: ReadonlyMap<string, TypeDraft>
  readonly verb: MappingVerb
  /** Key of the extension, for diagnostics. */
  readonly key: string
}

/**
 * Reads the right side of a parameter (x-flow 5): a source word, a property, `{default}`,
 * `{from, default, encode}` or `{from: orderBy, ascending, descending}`.
 */
export function compileSource(
  compilation: Compilation,
  scope: SourceScope,
  given: JsonValue,
  at: Pointer
): CompiledSource {
  if (typeof given === 'string') return { sources: wordSource(compilation, scope, given, at) }
  const from = textMember(given, 'from')
  if (!isJsonObject(given) || (from === undefined && given.default === undefined)) {
    compilation.report.add('EXTENSION_MALFORMED', at, {
      key: scope.key,
      reason: 'a source is a word, a property, {default: …} or {from: …}',
      section: 'parameters'
    })
    return { sources: [] }
  }
  for (const name of Object.keys(given).filter(word => !SOURCE_MEMBERS.includes(word))) {
    compilation.report.add('MEMBER_UNKNOWN', pointer(at, name), {
      key: scope.key,
      given: name,
      suggestion: compilation.suggest(name, () => SOURCE_MEMBERS),
      known: SOURCE_MEMBERS.join(', ')
    })
  }
  const more = {
    ...(given.default !== undefined && { fallback: given.default }),
    ...(isEncodedTwice(compilation, given, at) && { encodeTwice: true as const })
  }
  if (from === undefined) return { sources: [], ...more }
  const ascending = textMember(given, 'ascending')
  if (from === 'orderBy' && ascending !== undefined) {
    const descending = textMember(given, 'descending') ?? ascending
    return { sources: [{ from: 'order', ascending, descending }], ...more }
  }
  return { sources: wordSource(compilation, scope, from, at), ...more }
}

const ENCODINGS = ['single', 'double']

/** What `encode` says, which is a warning where it is neither of its two words. */
function isEncodedTwice(compilation: Compilation, given: JsonObject, at: Pointer): boolean {
  const { encode = 'single' } = given
  const known = ENCODINGS.find(word => word === encode)
  if (known === undefined) {
    const shown = plainText(encode)
    compilation.report.add('ENCODE_UNUSABLE', pointer(at, 'encode'), {
      given: shown,
      reason: `it is neither of ${ENCODINGS.join(' and ')}${compilation.suggest(shown, () => ENCODINGS)}`
    })
  }
  return known === 'double'
}

function wordSource(
  compilation: Compilation,
  scope: SourceScope,
  word: string,
  at: Pointer
): Source[] {
  const isLoad = isRead(scope.verb)
  const unknown = (known: () => readonly string[]): Source[] => {
    compilation.report.add('SOURCE_UNKNOWN', at, {
      given: word,
      type: scope.type.name,
      suggestion: compilation.suggest(word, known)
    })
    return []
  }
  if (/^\$user\./i.test(word)) {
    const wanted = word.slice('$user.'.length).toLowerCase()
    const field = USER_FIELDS.find(name => name.toLowerCase() === wanted)
    return field === undefined
      ? unknown(() => USER_FIELDS.map(name => `$User.${name}`))
      : [{ from: 'user', field }]
  }
  if (/^\$var\./i.test(word)) return [{ from: 'variable', name: word.slice('$var.'.length) }]
  if (word === 'id' || word === 'externalId') return [{ from: 'id', part: null }]
  const composite = scope.type.named?.extension.id
  const part = /^(?:id|externalId)\.(.+)$/.exec(word)?.[1]
  if (part !== undefined && Array.isArray(composite) && composite.includes(part)) {
    return [{ from: 'id', part }]
  }
  const listWord = LIST_WORDS.find(known => known === word)
  if (isLoad && listWord !== undefined) return [{ from: listWord }]
  const path = propertyPath(scope, word)
  const [column] = path ?? []
  if (path === undefined || column === undefined || (isLoad && path.length > 1)) {
    const words = isLoad ? [...LIST_WORDS, 'id'] : ['externalId']
    return unknown(() => [...words, ...scope.type.properties.map(({ name }) => name)])
  }
  if (isLoad) return [{ from: 'filter', column, criterion: 'EQUAL', any: false }]
  return [{ from: 'property', path }]
}

/** Developer names from the outside in, for a property given by name or by JSON member, dotted when nested. */
function propertyPath(
  scope: Pick<SourceScope, 'type' | 'types'>,
  given: string
): string[] | undefined {
  const literal = propertyNamed(scope.type.properties, given)
  if (literal !== undefined) return [literal.name]
  const names: string[] = []
  let type: TypeDraft | undefined = scope.type
  for (const part of splitPath(given)) {
    const found: PropertyRecord | undefined =
      type === undefined ? undefined : propertyNamed(type.properties, part)
    if (found === undefined) return undefined
    names.push(found.name)
    type = found.value.form === 'object' ? scope.types.get(found.value.type) : undefined
  }
  return names.length === 0 ? undefined : names
}

/** The properties of a type by every name that finds them, made when the first one is looked for. */
const indexes = new WeakMap<readonly PropertyRecord[], ReadonlyMap<string, PropertyRecord>>()

/** A property by its developer name, its JSON member, or either without regard to case. */
export function propertyNamed(
  properties: readonly PropertyRecord[],
  given: string
): PropertyRecord | undefined {
  const index = indexes.get(properties) ?? indexed(properties)
  indexes.set(properties, index)
  return (
    index.get(`name ${given}`) ??
    index.get(`key ${given}`) ??
    index.get(`either ${given.toLowerCase()}`)
  )
}

function indexed(properties: readonly PropertyRecord[]): Map<string, PropertyRecord> {
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
export type WhereEntry = {
  readonly parameter: string
  readonly source: Source
  readonly at: Pointer
}

/**
 * Reads `parameters.where` (x-flow 5.1), whose left side is the flow property and whose right side
 * the API's parameter: `City: city`, `Created: {GREATER_THAN: after}`,
 * `Status: {EQUAL: {parameter: status, any: true}}`.
 */
export function compileWhere(
  compilation: Compilation,
  scope: SourceScope,
  where: JsonObject,
  at: Pointer
): WhereEntry[] {
  return Object.entries(where).flatMap(([given, right]) => {
    const property = propertyNamed(scope.type.properties, given)
    if (property === undefined) {
      compilation.report.add('SOURCE_UNKNOWN', pointer(at, given), {
        given,
        type: scope.type.name,
        suggestion: compilation.suggest(given, () => scope.type.properties.map(({ name }) => name))
      })
      return []
    }
    const criteria: readonly (readonly [string, JsonValue])[] = isJsonObject(right)
      ? Object.entries(right)
      : [['EQUAL', right]]
    return criteria.flatMap(([word, target]) =>
      whereEntry(compilation, scope, property.name, word, target, pointer(at, given))
    )
  })
}

function whereEntry(
  compilation: Compilation,
  scope: SourceScope,
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
        ? `"${word}" is no criterion${compilation.suggest(word, () => CRITERIA)}`
        : 'the right side of `where` is the name of a parameter'
    compilation.report.add('EXTENSION_MALFORMED', at, {
      key: scope.key,
      reason,
      section: 'filters-order-and-search'
    })
    return []
  }
  const any = member(target, 'any') === true
  return [{ parameter, source: { from: 'filter', column, criterion, any }, at }]
}
