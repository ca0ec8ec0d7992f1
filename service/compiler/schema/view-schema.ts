import type { Pointer } from '../../base/json-pointer.ts'
import { pointer } from '../../base/json-pointer.ts'
import type { JsonObject, JsonValue } from '../../base/json.ts'
import { isJsonArray, isJsonObject, member, textMember } from '../../base/json.ts'
import { locationText } from '../../parse/links.ts'
import type { Compilation } from '../compilation.ts'
import type { SchemaKind } from './schema-words.ts'
import { addsNothing, allowedValues, isNullSchema, kindOf } from './schema-words.ts'

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
  readonly kind: SchemaKind
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
  /** The Discriminator Object, and where it stands. */
  readonly discriminator: { readonly value: JsonObject; readonly at: Pointer } | null
  /** Values of `enum` or `const`. */
  readonly allowed: readonly JsonValue[] | null
}

const SCALARS: readonly SchemaKind[] = ['string', 'number', 'integer', 'boolean']

/** How many schemas one look goes through, and how far inside each other; real ones need a few. */
const STEPS_MAX = 2_000
const DEPTH_MAX = 200

type Views = Map<Pointer, SchemaView | undefined>

/** One look into a schema: what earlier ones found at any place, and how far this one went. */
type Look = {
  readonly compilation: Compilation
  readonly known: Views
  /** The places that are being looked into, each inside of the one before. */
  readonly around: Set<Pointer>
  /** How many choices are among them. */
  choices: number
  steps: number
  /** How often something was left out because it stands around what is looked into. */
  cuts: number
}

/** What was found while a document is compiled: by looks from outside, and from anywhere. */
const looked = new WeakMap<Compilation, { readonly outside: Views; readonly anywhere: Views }>()

/** Looks into a schema; undefined, with a diagnostic, where it cannot be read. */
export function viewSchema(compilation: Compilation, place: SchemaPlace): SchemaView | undefined {
  const known = looked.get(compilation) ?? { outside: new Map(), anywhere: new Map() }
  looked.set(compilation, known)
  if (known.outside.has(place.at)) return known.outside.get(place.at)
  const look = {
    compilation,
    known: known.anywhere,
    around: new Set<Pointer>(),
    choices: 0,
    steps: 0,
    cuts: 0
  }
  const seen = view(look, place)
  known.outside.set(place.at, seen)
  return seen
}

/** What stands at a place; kept, unless it depends on where it was looked into from. */
function view(look: Look, place: SchemaPlace): SchemaView | undefined {
  const { at } = place
  const { around, compilation } = look
  if (look.known.has(at)) return look.known.get(at)
  if (around.has(at)) {
    look.cuts++
    // Choices that build on their parent by `allOf` are a common form, and no fault.
    if (look.choices === 0) compilation.report.add('REF_CYCLE', at, { ref: locationText(at) })
    return undefined
  }
  if (++look.steps > STEPS_MAX || around.size >= DEPTH_MAX || !compilation.afford(1)) {
    look.cuts++
    const reason = 'it combines too many schemas'
    if (look.steps <= STEPS_MAX + 1) compilation.report.add('SCHEMA_MALFORMED', at, { reason })
    return undefined
  }
  const cutsBefore = look.cuts
  around.add(at)
  const seen = viewParts(look, place)
  around.delete(at)
  if (look.cuts === cutsBefore) look.known.set(at, seen)
  return seen
}

/** A schema's own words over what it refers to and combines; that itself where they add nothing. */
function viewParts(look: Look, place: SchemaPlace): SchemaView | undefined {
  const { at } = place
  const { is30, report } = look.compilation
  const schema = place.schema === true ? {} : place.schema
  if (!isJsonObject(schema)) {
    report.add('SCHEMA_MALFORMED', at, { reason: 'it is not an object' })
    return undefined
  }
  const refers = schema.$ref !== undefined
  if (refers && typeof schema.$ref !== 'string') {
    report.add('SCHEMA_MALFORMED', at, { reason: 'its `$ref` is not a string' })
    return undefined
  }
  if (refers && is30) {
    const found = viewTarget(look, schema, at)
    if (found === undefined) return undefined
    const isOwn = Object.keys(schema).some(key => key.startsWith('x-flow-'))
    return isOwn ? { ...annotate(found, schema), at, node: schema } : annotate(found, schema)
  }
  const listed = isJsonArray(schema.allOf) ? schema.allOf : []
  const parts = listed.map((part, index) => ({ schema: part, at: pointer(at, 'allOf', index) }))
  const solid = parts.filter(part => !addsNothing(part.schema))
  if (solid.length + Number(refers) === 1 && addsNothing(schema, ['$ref', 'allOf'])) {
    const [only] = solid
    const found = only === undefined ? viewTarget(look, schema, at) : view(look, only)
    const beside = parts.filter(part => part !== only).map(part => part.schema)
    return found && [...beside, schema].reduce<SchemaView>(annotate, found)
  }
  const merged = parts.reduceRight<SchemaView>(
    (over, part) => {
      const found = view(look, part)
      return found === undefined ? over : mergePart(look, found, over)
    },
    viewOwn(look, schema, at)
  )
  const target = refers ? viewTarget(look, schema, at) : undefined
  return target === undefined ? merged : mergePart(look, target, merged)
}

/** What the reference of a schema leads to; undefined, with a diagnostic, where it leads nowhere. */
function viewTarget(look: Look, schema: JsonObject, at: Pointer): SchemaView | undefined {
  const target = look.compilation.resolve(schema, at)
  return target && view(look, { schema: target.value, at: target.at })
}

/** What is written beside a reference, over what the reference says. */
function annotate(found: SchemaView, beside: JsonValue): SchemaView {
  const says = (word: string): boolean => member(beside, word) === true
  const type = member(beside, 'type')
  const orNull = isJsonArray(type) && type.includes('null')
  return {
    ...found,
    nullable: found.nullable || says('nullable') || orNull,
    readOnly: found.readOnly || says('readOnly'),
    writeOnly: found.writeOnly || says('writeOnly'),
    title: textMember(beside, 'title') ?? found.title,
    description: textMember(beside, 'description') ?? found.description
  }
}

/** One part of an `allOf` under what comes after it and the schema's own words, which win. */
function mergePart(look: Look, part: SchemaView, over: SchemaView): SchemaView {
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
    properties: mergedProperties(look, part.properties, over.properties),
    items: over.items ?? part.items,
    mapValues: over.mapValues ?? part.mapValues,
    choices: over.choices.length > 0 ? over.choices : part.choices,
    discriminator: over.discriminator ?? part.discriminator,
    allowed: over.allowed ?? part.allowed
  }
}

/** The properties of both; schemas that add none share those of the other. */
function mergedProperties(
  { compilation }: Look,
  under: SchemaView['properties'],
  over: SchemaView['properties']
): SchemaView['properties'] {
  if (over.size === 0) return under
  if (under.size === 0 || !compilation.afford(under.size)) return over
  const merged = new Map(under)
  for (const [key, place] of over) merged.set(key, place)
  return merged
}

function viewOwn(look: Look, schema: JsonObject, at: Pointer): SchemaView {
  const { kind, nullable } = kindOf(schema)
  const own: SchemaView = {
    at,
    node: schema,
    kind,
    format: textMember(schema, 'format') ?? '',
    nullable: nullable || schema.nullable === true,
    readOnly: schema.readOnly === true,
    writeOnly: schema.writeOnly === true,
    title: textMember(schema, 'title') ?? null,
    description: textMember(schema, 'description') ?? null,
    properties: propertiesOf(look.compilation, schema, at),
    items: schema.items === undefined ? null : { schema: schema.items, at: pointer(at, 'items') },
    mapValues: mapValuesOf(schema, at),
    choices: [],
    discriminator: isJsonObject(schema.discriminator)
      ? { value: schema.discriminator, at: pointer(at, 'discriminator') }
      : null,
    allowed: allowedValues(schema)
  }
  return withChoices(look, own)
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

/**
 * Follows `oneOf` and `anyOf`: null choices make the value nullable; a single choice that is left is
 * what the schema is; several scalars are their common kind, else text.
 */
function withChoices(look: Look, own: SchemaView): SchemaView {
  const keyword = isJsonArray(own.node.oneOf) ? 'oneOf' : 'anyOf'
  const listed = member(own.node, keyword)
  if (!isJsonArray(listed) || listed.length === 0) return own
  const places = listed.map((schema, index) => ({ schema, at: pointer(own.at, keyword, index) }))
  const solid = places.filter(({ schema }) => !isNullSchema(schema))
  if (solid.some(({ schema, at }) => isAround(look, schema, at))) {
    look.cuts++
    return own
  }
  look.choices++
  const views = solid.flatMap(place => view(look, place) ?? [])
  look.choices--
  const nullable = own.nullable || solid.length < places.length || views.some(v => v.nullable)
  const [only] = views
  if (only === undefined) return { ...own, nullable }
  if (solid.length === 1)
    return { ...mergePart(look, only, own), ...identityOf(own, only), nullable }
  const formats = new Set(views.map(v => v.format))
  const format = own.format || (formats.size === 1 ? only.format : '')
  // Choices that restrict a scalar or repeat `required` rules add nothing to what the schema holds.
  const restricts =
    SCALARS.includes(own.kind) ||
    solid.every(({ schema }) => addsNothing(schema)) ||
    views.every(v => v.kind === 'any' && v.properties.size === 0)
  if (restricts) return { ...own, nullable, format }
  if (views.every(v => v.kind === 'object')) {
    return { ...own, kind: 'object', nullable, choices: solid }
  }
  const kinds = [...new Set(views.map(v => v.kind))]
  if (kinds.length === 1 && only.kind !== 'array') {
    return { ...own, kind: only.kind, nullable, format }
  }
  const numbers = kinds.every(kind => kind === 'integer' || kind === 'number')
  const scalars = kinds.every(kind => SCALARS.includes(kind))
  return { ...own, kind: numbers ? 'number' : scalars ? 'string' : 'mixed', nullable }
}

/** Whether a choice is what is looked into: a parent whose choices build on it is no choice again. */
function isAround(look: Look, schema: JsonValue, at: Pointer): boolean {
  const target =
    member(schema, '$ref') === undefined ? undefined : look.compilation.resolve(schema, at)
  return target !== undefined && look.around.has(target.at)
}

/** A schema that is nothing but one choice is that choice, unless it says something of its own. */
function identityOf(own: SchemaView, choice: SchemaView): Pick<SchemaView, 'at' | 'node'> {
  return addsNothing(own.node, ['oneOf', 'anyOf', 'discriminator'])
    ? { at: choice.at, node: choice.node }
    : { at: own.at, node: own.node }
}
