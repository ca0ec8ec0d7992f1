import type { Pointer } from '../../base/json-pointer.ts'
import { pointer } from '../../base/json-pointer.ts'
import type { JsonObject, JsonValue } from '../../base/json.ts'
import { isJsonArray, isJsonObject, member, textMember } from '../../base/json.ts'
import { locationText } from '../../parse/links.ts'
import type { Compilation } from '../compilation.ts'
import type { SchemaKind } from './schema-keywords.ts'
import { addsNothing, allowedValues, isNullSchema, kindOf } from './schema-keywords.ts'

/** A schema as the document has it, and where it is. */
export type LocatedSchema = { readonly schema: JsonValue; readonly at: Pointer }

/**
 * What a Schema Object says once references, `allOf`, null and single choices are resolved. Properties
 * and items are not resolved.
 */
export type SchemaView = {
  /** Where the resolved schema is: equal pointers are one schema. */
  readonly at: Pointer
  /** The Schema Object there, with its extensions. */
  readonly node: JsonObject
  readonly kind: SchemaKind
  readonly format: string
  readonly nullable: boolean
  readonly readOnly: boolean
  readonly writeOnly: boolean
  readonly title: string | null
  readonly description: string | null
  /** In document order, those of `allOf` parts first; own ones win. */
  readonly properties: ReadonlyMap<string, LocatedSchema>
  /** Members that every value must have. */
  readonly required: readonly string[]
  readonly items: LocatedSchema | null
  /** The schema of a map's values (`additionalProperties`); null for none, or an empty one. */
  readonly mapValues: LocatedSchema | null
  /** The alternatives of a `oneOf` or `anyOf` of several objects. */
  readonly choices: readonly LocatedSchema[]
  /** The Discriminator Object. */
  readonly discriminator: { readonly value: JsonObject; readonly at: Pointer } | null
  /** Values of `enum` or `const`. */
  readonly allowed: readonly JsonValue[] | null
}

const SCALARS: readonly SchemaKind[] = ['string', 'number', 'integer', 'boolean']

/** How many schemas one view combines, and how deeply nested; real ones need a few. */
const STEPS_MAX = 2_000
const DEPTH_MAX = 200

type Views = Map<Pointer, SchemaView | undefined>

/** The resolution of one schema. */
type Walk = {
  readonly compilation: Compilation
  readonly known: Views
  /** Pointers of the schemas that are being resolved, outermost first. */
  readonly around: Set<Pointer>
  /** How many choices are among them. */
  choices: number
  steps: number
  /** How often a schema was left out because it is being resolved already. */
  cuts: number
}

/** Views of each compilation: as seen from outside, and those that are the same inside of any other schema. */
const cache = new WeakMap<Compilation, { readonly outside: Views; readonly anywhere: Views }>()

/** Resolves a schema; undefined, with a diagnostic, where it cannot be read. */
export function viewSchema(
  compilation: Compilation,
  located: LocatedSchema
): SchemaView | undefined {
  const known = cache.get(compilation) ?? { outside: new Map(), anywhere: new Map() }
  cache.set(compilation, known)
  if (known.outside.has(located.at)) return known.outside.get(located.at)
  const counts = { choices: 0, steps: 0, cuts: 0 }
  const seen = view({ compilation, known: known.anywhere, around: new Set(), ...counts }, located)
  known.outside.set(located.at, seen)
  return seen
}

/** Resolves the items of a list; undefined for anything else, and for a list of anything. */
export function viewItems(
  compilation: Compilation,
  { kind, items }: SchemaView
): SchemaView | undefined {
  return kind === 'array' && items !== null ? viewSchema(compilation, items) : undefined
}

/**
 * The schemas of which a value fits one: the choices of a schema that has some, else the schema itself.
 * Alternatives of several kinds count too, as of a list and an error.
 */
export function viewAlternatives(compilation: Compilation, view: SchemaView): SchemaView[] {
  const { choices, kind, node, at } = view
  const keyword = isJsonArray(node.oneOf) ? 'oneOf' : 'anyOf'
  const listed = kind === 'mixed' ? listedSchemas(node, keyword, at) : choices
  if (listed.length === 0) return [view]
  const found = listed.flatMap(choice => viewSchema(compilation, choice) ?? [])
  return view.properties.size > 0 ? [view, ...found] : found
}

/** The only value that a schema allows; undefined where it allows null or several. */
export function onlyValue(view: SchemaView | undefined): JsonValue | undefined {
  return view?.allowed?.length === 1 && !view.nullable ? view.allowed[0] : undefined
}

/** The schemas that a keyword lists. */
export function listedSchemas(node: JsonObject, keyword: string, at: Pointer): LocatedSchema[] {
  const listed = member(node, keyword)
  if (!isJsonArray(listed)) return []
  return listed.map((schema, index) => ({ schema, at: pointer(at, keyword, index) }))
}

function view(walk: Walk, located: LocatedSchema): SchemaView | undefined {
  const { at } = located
  const { around, compilation } = walk
  if (walk.known.has(at)) return walk.known.get(at)
  if (around.has(at)) {
    walk.cuts++
    // Choices that extend their parent by `allOf` are a common form, and no fault.
    if (walk.choices === 0) compilation.report.add('REF_CYCLE', at, { ref: locationText(at) })
    return undefined
  }
  if (++walk.steps > STEPS_MAX || around.size >= DEPTH_MAX || !compilation.afford(1)) {
    walk.cuts++
    const reason = 'it combines too many schemas'
    if (walk.steps <= STEPS_MAX + 1) compilation.report.add('SCHEMA_MALFORMED', at, { reason })
    return undefined
  }
  const cutsBefore = walk.cuts
  around.add(at)
  const seen = viewParts(walk, located)
  around.delete(at)
  // A view with cuts depends on the schema from which it was reached.
  if (walk.cuts === cutsBefore) walk.known.set(at, seen)
  return seen
}

/** A schema merged with what it refers to and combines; that alone where the schema adds nothing. */
function viewParts(walk: Walk, located: LocatedSchema): SchemaView | undefined {
  const { at } = located
  const { is30, report } = walk.compilation
  const schema = located.schema === true ? {} : located.schema
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
    const found = viewTarget(walk, schema, at)
    const isOwn = Object.keys(schema).some(key => key.startsWith('x-flow-'))
    return found && { ...annotate(found, schema), ...(isOwn && { at, node: schema }) }
  }
  const parts = listedSchemas(schema, 'allOf', at)
  const solid = parts.filter(part => !addsNothing(part.schema))
  if (solid.length + Number(refers) === 1 && addsNothing(schema, ['$ref', 'allOf'])) {
    const [only] = solid
    const found = only === undefined ? viewTarget(walk, schema, at) : view(walk, only)
    const beside = parts.filter(part => part !== only).map(part => part.schema)
    return found && [...beside, schema].reduce<SchemaView>(annotate, found)
  }
  const merged = parts.reduceRight<SchemaView>(
    (over, part) => mergePart(walk, view(walk, part), over),
    viewOwn(walk, schema, at)
  )
  return refers ? mergePart(walk, viewTarget(walk, schema, at), merged) : merged
}

/** Resolves a `$ref`; undefined, with a diagnostic, where it leads nowhere. */
function viewTarget(walk: Walk, schema: JsonObject, at: Pointer): SchemaView | undefined {
  const target = walk.compilation.resolve(schema, at)
  return target && view(walk, { schema: target.value, at: target.at })
}

/** Applies what is written beside a reference. */
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
    description: textMember(beside, 'description') ?? found.description,
    required: joined(found.required, requiredIn(beside))
  }
}

/** Merges a part of an `allOf` under later parts and the schema itself, which win. */
function mergePart(walk: Walk, part: SchemaView | undefined, over: SchemaView): SchemaView {
  if (part === undefined) return over
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
    properties: mergeProperties(walk, part.properties, over.properties),
    required: joined(part.required, over.required),
    items: over.items ?? part.items,
    mapValues: over.mapValues ?? part.mapValues,
    choices: over.choices.length > 0 ? over.choices : part.choices,
    discriminator: over.discriminator ?? part.discriminator,
    allowed: over.allowed ?? part.allowed
  }
}

/** The properties of both; where one side has none the other's map is shared. */
function mergeProperties(
  { compilation }: Walk,
  under: SchemaView['properties'],
  over: SchemaView['properties']
): SchemaView['properties'] {
  if (over.size === 0) return under
  if (under.size === 0 || !compilation.afford(under.size)) return over
  return new Map([...under, ...over])
}

/** A schema without what it refers to and its `allOf`. */
function viewOwn(walk: Walk, schema: JsonObject, at: Pointer): SchemaView {
  const { kind, nullable } = kindOf(schema)
  const { items, discriminator, additionalProperties: values } = schema
  const hasValues = isJsonObject(values) && Object.keys(values).length > 0
  return withChoices(walk, {
    at,
    node: schema,
    kind,
    format: textMember(schema, 'format') ?? '',
    nullable: nullable || schema.nullable === true,
    readOnly: schema.readOnly === true,
    writeOnly: schema.writeOnly === true,
    title: textMember(schema, 'title') ?? null,
    description: textMember(schema, 'description') ?? null,
    properties: propertiesOf(walk.compilation, schema, at),
    required: requiredIn(schema),
    items: items === undefined ? null : { schema: items, at: pointer(at, 'items') },
    mapValues: hasValues ? { schema: values, at: pointer(at, 'additionalProperties') } : null,
    choices: [],
    discriminator: isJsonObject(discriminator)
      ? { value: discriminator, at: pointer(at, 'discriminator') }
      : null,
    allowed: allowedValues(schema)
  })
}

function propertiesOf(
  { report }: Compilation,
  { properties = {} }: JsonObject,
  at: Pointer
): Map<string, LocatedSchema> {
  if (!isJsonObject(properties)) {
    const reason = '`properties` is not an object'
    report.add('SCHEMA_MALFORMED', pointer(at, 'properties'), { reason })
    return new Map()
  }
  const inside = pointer(at, 'properties')
  return new Map(
    Object.entries(properties).map(([key, schema]) => [key, { schema, at: pointer(inside, key) }])
  )
}

function requiredIn(schema: JsonValue): readonly string[] {
  const listed = member(schema, 'required')
  return isJsonArray(listed) ? listed.filter(name => typeof name === 'string') : []
}

/** The names of both lists; where one is empty the other is shared. */
function joined(under: readonly string[], over: readonly string[]): readonly string[] {
  if (over.length === 0) return under
  return under.length === 0 ? over : [...new Set([...under, ...over])]
}

/**
 * Resolves `oneOf` and `anyOf`: null choices make the value nullable; a single remaining choice is the
 * schema; several scalars are their common kind, else text.
 */
function withChoices(walk: Walk, own: SchemaView): SchemaView {
  const keyword = isJsonArray(own.node.oneOf) ? 'oneOf' : 'anyOf'
  const listed = listedSchemas(own.node, keyword, own.at)
  if (listed.length === 0) return own
  const solid = listed.filter(({ schema }) => !isNullSchema(schema))
  if (solid.some(choice => isAround(walk, choice))) {
    walk.cuts++
    return own
  }
  walk.choices++
  const views = solid.flatMap(choice => view(walk, choice) ?? [])
  walk.choices--
  const nullable = own.nullable || solid.length < listed.length || views.some(v => v.nullable)
  const [only] = views
  if (only === undefined) return { ...own, nullable }
  if (solid.length === 1) {
    // A schema that is nothing but one choice is that choice, unless it says something itself.
    const isNothingElse = addsNothing(own.node, ['oneOf', 'anyOf', 'discriminator'])
    const { at, node } = isNothingElse ? only : own
    return { ...mergePart(walk, only, own), at, node, nullable }
  }
  const formats = new Set(views.map(v => v.format))
  const format = own.format || (formats.size === 1 ? only.format : '')
  // Choices that restrict a scalar or repeat `required` rules add nothing to what the schema holds.
  const restricts =
    SCALARS.includes(own.kind) ||
    solid.every(({ schema }) => addsNothing(schema)) ||
    views.every(v => v.kind === 'any' && v.properties.size === 0)
  if (restricts) return { ...own, nullable, format }
  const kinds = [...new Set(views.map(v => v.kind))]
  const { kind } = only
  if (kinds.length === 1 && kind === 'object') return { ...own, kind, nullable, choices: solid }
  if (kinds.length === 1 && kind !== 'array') return { ...own, kind, nullable, format }
  if (!kinds.every(kind => SCALARS.includes(kind))) return { ...own, kind: 'mixed', nullable }
  const areNumbers = kinds.every(kind => kind === 'integer' || kind === 'number')
  return { ...own, kind: areNumbers ? 'number' : 'string', nullable }
}

/** Whether a choice is being resolved: a parent that its choices extend. */
function isAround(walk: Walk, { schema, at }: LocatedSchema): boolean {
  const refers = member(schema, '$ref') !== undefined
  const target = refers ? walk.compilation.resolve(schema, at) : undefined
  return target !== undefined && walk.around.has(target.at)
}
