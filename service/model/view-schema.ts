import type { Pointer } from '../base/json-pointer.ts'
import { pointer } from '../base/json-pointer.ts'
import type { JsonObject, JsonValue } from '../base/json.ts'
import { isJsonArray, isJsonObject, jsonEqual, member, textMember } from '../base/json.ts'
import type { Compilation } from './compilation.ts'

/** A schema that has not been looked into yet, and where it stands. */
export type SchemaPlace = { readonly schema: JsonValue; readonly at: Pointer }

/**
 * What a Schema Object says once references, `allOf`, null and single choices are followed.
 * Only the schema itself is looked into: properties and items stay places.
 */
export type SchemaView = {
  /** Where the schema stands that this is: equal places are one schema. */
  readonly at: Pointer
  /** The Schema Object at that place, with its extensions. */
  readonly node: JsonObject
  /** `mixed` for several kinds, `any` for none named. */
  readonly kind: 'object' | 'array' | 'string' | 'number' | 'integer' | 'boolean' | 'mixed' | 'any'
  readonly format: string
  readonly nullable: boolean
  readonly readOnly: boolean
  readonly writeOnly: boolean
  readonly title: string | null
  readonly description: string | null
  /** In document order, those of `allOf` parts first; own ones win. */
  readonly properties: ReadonlyMap<string, SchemaPlace>
  readonly items: SchemaPlace | null
  /** The schema of a map's values; null when there is none to speak of. */
  readonly mapValues: SchemaPlace | null
  /** Choices of objects (`oneOf`, `anyOf`), more than one. */
  readonly choices: readonly SchemaPlace[]
  readonly discriminator: JsonObject | null
  /** Values of `enum` or `const`. */
  readonly allowed: readonly JsonValue[] | null
}

const KINDS = ['object', 'array', 'string', 'number', 'integer', 'boolean'] as const
type Kind = (typeof KINDS)[number]

/** Members of a schema beside `allOf` that describe it without adding to what it holds. */
const ANNOTATIONS = new Set([
  'allOf',
  'title',
  'description',
  'example',
  'examples',
  'default',
  'deprecated',
  'readOnly',
  'writeOnly',
  'nullable',
  'externalDocs',
  'xml'
])

/** Stands among the passed pointers once a choice was entered; no pointer looks like it. */
const CHOICE = 'choice'

/** Looks into a schema; undefined, with a finding, where it cannot be read. */
export function viewSchema(compilation: Compilation, place: SchemaPlace): SchemaView | undefined {
  return view(compilation, place, new Set())
}

function view(
  compilation: Compilation,
  { schema, at }: SchemaPlace,
  passed: ReadonlySet<Pointer>
): SchemaView | undefined {
  if (schema === true) return view(compilation, { schema: {}, at }, passed)
  if (!isJsonObject(schema)) {
    compilation.report.add('SCHEMA_MALFORMED', at, { reason: 'it is not an object' })
    return undefined
  }
  if (passed.has(at)) {
    // Choices that build on their parent by `allOf` are a common form, and no fault.
    if (!passed.has(CHOICE)) compilation.report.add('REF_CYCLE', at, { ref: `#${at}` })
    return undefined
  }
  const inside = new Set(passed).add(at)
  if (schema.$ref !== undefined) return viewReference(compilation, { schema, at }, schema, inside)
  const parts = isJsonArray(schema.allOf) ? schema.allOf : []
  const [only] = parts
  if (parts.length === 1 && only !== undefined && onlyAnnotates(schema)) {
    const found = view(compilation, { schema: only, at: pointer(at, 'allOf', 0) }, inside)
    return found === undefined ? undefined : annotate(found, schema)
  }
  const own = viewOwn(compilation, schema, at, inside)
  return parts.reduceRight<SchemaView>((merged, part, index) => {
    const found = view(compilation, { schema: part, at: pointer(at, 'allOf', index) }, inside)
    return found === undefined ? merged : mergePart(found, merged)
  }, own)
}

/** A schema that says nothing but `allOf` of one part, and annotations. An `x-flow-type` makes it a schema of its own. */
function onlyAnnotates(schema: JsonObject): boolean {
  return Object.keys(schema).every(key => ANNOTATIONS.has(key))
}

function viewReference(
  compilation: Compilation,
  place: SchemaPlace,
  schema: JsonObject,
  passed: ReadonlySet<Pointer>
): SchemaView | undefined {
  const target = compilation.resolve(place.schema, place.at)
  if (target === undefined) return undefined
  const found = view(compilation, { schema: target.value, at: target.at }, passed)
  if (found === undefined) return undefined
  if (Object.keys(schema).some(key => key.startsWith('x-flow-'))) {
    return { ...annotate(found, schema), at: place.at, node: schema }
  }
  const beside = Object.keys(schema).filter(key => key !== '$ref')
  if (compilation.is30 || beside.every(key => ANNOTATIONS.has(key))) return annotate(found, schema)
  const own = viewOwn(compilation, schema, place.at, passed)
  return mergePart(found, own)
}

/** What is written beside a reference, over what the reference says. */
function annotate(found: SchemaView, beside: JsonObject): SchemaView {
  return {
    ...found,
    nullable: found.nullable || beside.nullable === true,
    readOnly: found.readOnly || beside.readOnly === true,
    writeOnly: found.writeOnly || beside.writeOnly === true,
    title: textMember(beside, 'title') ?? found.title,
    description: textMember(beside, 'description') ?? found.description
  }
}

/** One part of an `allOf` under what comes after it and the schema's own words, which win. */
function mergePart(part: SchemaView, over: SchemaView): SchemaView {
  const properties = new Map(part.properties)
  for (const [key, place] of over.properties) properties.set(key, place)
  return {
    at: over.at,
    node: over.node,
    kind: over.kind === 'any' ? part.kind : over.kind,
    format: over.format || part.format,
    nullable: over.nullable || part.nullable,
    readOnly: over.readOnly || part.readOnly,
    writeOnly: over.writeOnly || part.writeOnly,
    title: over.title ?? part.title,
    description: over.description ?? part.description,
    properties,
    items: over.items ?? part.items,
    mapValues: over.mapValues ?? part.mapValues,
    choices: over.choices.length > 0 ? over.choices : part.choices,
    discriminator: over.discriminator ?? part.discriminator,
    allowed: over.allowed ?? part.allowed
  }
}

function viewOwn(
  compilation: Compilation,
  schema: JsonObject,
  at: Pointer,
  passed: ReadonlySet<Pointer>
): SchemaView {
  const named = kindsOf(schema)
  const own: SchemaView = {
    at,
    node: schema,
    kind: named.kinds.length > 1 ? mixOf(named.kinds) : (named.kinds[0] ?? 'any'),
    format: textMember(schema, 'format') ?? '',
    nullable: named.nullable || schema.nullable === true,
    readOnly: schema.readOnly === true,
    writeOnly: schema.writeOnly === true,
    title: textMember(schema, 'title') ?? null,
    description: textMember(schema, 'description') ?? null,
    properties: propertiesOf(compilation, schema, at),
    items: schema.items === undefined ? null : { schema: schema.items, at: pointer(at, 'items') },
    mapValues: mapValuesOf(schema, at),
    choices: [],
    discriminator: isJsonObject(schema.discriminator) ? schema.discriminator : null,
    allowed: allowedOf(schema)
  }
  return withChoices(compilation, own, passed)
}

function propertiesOf(
  compilation: Compilation,
  schema: JsonObject,
  at: Pointer
): Map<string, SchemaPlace> {
  if (schema.properties !== undefined && !isJsonObject(schema.properties)) {
    compilation.report.add('SCHEMA_MALFORMED', pointer(at, 'properties'), {
      reason: '`properties` is not an object'
    })
    return new Map()
  }
  return new Map(
    Object.entries(schema.properties ?? {}).map(([key, property]) => [
      key,
      { schema: property, at: pointer(at, 'properties', key) }
    ])
  )
}

function mapValuesOf(schema: JsonObject, at: Pointer): SchemaPlace | null {
  const values = schema.additionalProperties
  if (!isJsonObject(values) || Object.keys(values).length === 0) return null
  return { schema: values, at: pointer(at, 'additionalProperties') }
}

function allowedOf(schema: JsonObject): readonly JsonValue[] | null {
  if (isJsonArray(schema.enum)) return schema.enum.filter(value => value !== null)
  return schema.const === undefined || schema.const === null ? null : [schema.const]
}

/** The kinds that a schema names, or that its other words imply. */
function kindsOf(schema: JsonObject): { kinds: Kind[]; nullable: boolean } {
  const named = isJsonArray(schema.type) ? schema.type : [schema.type]
  const kinds = KINDS.filter(kind => named.includes(kind))
  if (schema.type !== undefined) return { kinds, nullable: named.includes('null') }
  if (schema.properties !== undefined || schema.additionalProperties !== undefined) {
    return { kinds: ['object'], nullable: false }
  }
  if (schema.items !== undefined) return { kinds: ['array'], nullable: false }
  const values = isJsonArray(schema.enum) ? schema.enum : [schema.const]
  const implied = new Set(values.map(kindOfValue).filter(kind => kind !== undefined))
  return { kinds: [...implied], nullable: isJsonArray(schema.enum) && values.includes(null) }
}

function kindOfValue(value: JsonValue | undefined): Kind | undefined {
  if (typeof value === 'string') return 'string'
  if (typeof value === 'boolean') return 'boolean'
  if (typeof value === 'number') return Number.isInteger(value) ? 'integer' : 'number'
  return undefined
}

/** Several kinds at once: numbers stay numbers, scalars become text, anything else is mixed. */
function mixOf(kinds: readonly Kind[]): SchemaView['kind'] {
  if (kinds.every(kind => kind === 'integer' || kind === 'number')) return 'number'
  return kinds.some(kind => kind === 'object' || kind === 'array') ? 'mixed' : 'string'
}

/**
 * Follows `oneOf` and `anyOf`: null choices make the value nullable; a single choice that is left is
 * what the schema is; several scalars are their common kind, else text.
 */
function withChoices(
  compilation: Compilation,
  own: SchemaView,
  passed: ReadonlySet<Pointer>
): SchemaView {
  const keyword = isJsonArray(own.node.oneOf) ? 'oneOf' : 'anyOf'
  const listed = member(own.node, keyword)
  if (!isJsonArray(listed) || listed.length === 0) return own
  const places = listed.map((schema, index) => ({ schema, at: pointer(own.at, keyword, index) }))
  const solid = places.filter(({ schema }) => !isNullSchema(schema))
  const inside = new Set(passed).add(CHOICE)
  const views = solid.flatMap(place => view(compilation, place, inside) ?? [])
  const nullable = own.nullable || solid.length < places.length || views.some(v => v.nullable)
  const [only] = views
  if (only === undefined) return { ...own, nullable }
  if (views.length === 1) return { ...mergePart(only, own), ...identityOf(own, only), nullable }
  // A choice that only repeats `required` rules adds nothing to what the schema holds.
  if (views.every(v => v.kind === 'any' && v.properties.size === 0)) return { ...own, nullable }
  if (views.every(v => v.kind === 'object')) {
    return { ...own, kind: 'object', nullable, choices: solid }
  }
  const kinds = [...new Set(views.map(v => v.kind))]
  const formats = new Set(views.map(v => v.format))
  const [kind] = kinds
  if (kinds.length === 1 && kind !== undefined && kind !== 'array') {
    return { ...own, kind, nullable, format: formats.size === 1 ? (only.format ?? '') : '' }
  }
  const scalars = kinds.every(k => k !== 'object' && k !== 'array' && k !== 'mixed' && k !== 'any')
  const numbers = kinds.every(k => k === 'integer' || k === 'number')
  return { ...own, kind: numbers ? 'number' : scalars ? 'string' : 'mixed', nullable }
}

/** A schema that is nothing but one choice is that choice, unless it says something of its own. */
function identityOf(own: SchemaView, choice: SchemaView): Pick<SchemaView, 'at' | 'node'> {
  const says = Object.keys(own.node).some(
    key => !ANNOTATIONS.has(key) && !['oneOf', 'anyOf', 'type', 'discriminator'].includes(key)
  )
  return says ? { at: own.at, node: own.node } : { at: choice.at, node: choice.node }
}

function isNullSchema(schema: JsonValue): boolean {
  return (
    isJsonObject(schema) &&
    (schema.type === 'null' || schema.const === null || jsonEqual(member(schema, 'enum'), [null]))
  )
}
